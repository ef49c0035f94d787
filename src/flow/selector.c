/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/selector.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/country.h"

#define FACET_KEY(name, key) key,
static const char *const facets[] = {SELECTOR_FACETS(FACET_KEY)};

static bool is_facet(const char *key)
{
        for (size_t i = 0; i < ARRAY_LEN(facets); i++)
                if (!strcmp(facets[i], key))
                        return true;
        return false;
}

/* A value, a word, yes or no; or both ends of a range. Of words the countries are known here. */
static bool is_value(const char *key, const json_t *value)
{
        const json_t *low = json_array_get(value, 0), *high = json_array_get(value, 1);

        if (!strcmp(key, "country"))
                return json_is_string(value) && country_index(json_string_value(value));
        if (json_is_array(value))
                return json_array_size(value) == 2 && json_is_integer(low) && json_is_integer(high) &&
                       json_integer_value(low) >= 0 && json_integer_value(low) <= json_integer_value(high);
        return json_is_boolean(value) || json_string_length(value) ||
               (json_is_integer(value) && json_integer_value(value) >= 0);
}

static int check_signature(const json_t *selector, struct error *error)
{
        const char *key;
        json_t *value;

        if (!json_object_size(selector))
                return error_say(error, -EINVAL, "une signature demande au moins une condition",
                                 "a signature needs at least one condition");
        json_object_foreach((json_t *)selector, key, value)
        {
                if (!is_facet(key))
                        return error_say(error, -EINVAL,
                                         "une signature ne connaît pas la condition « %.40s »",
                                         "a signature knows no condition \"%.40s\"", key);
                if (!is_value(key, value))
                        return error_say(error, -EINVAL,
                                         "la valeur de « %s » n’est pas de celles qui sont admises",
                                         "the value of \"%s\" is not one it can take", key);
        }
        return 0;
}

static int check_fence(const json_t *selector, struct error *error)
{
        const json_t *list = json_object_get(selector, "countries"), *code;
        const json_t *spare = json_object_get(selector, "spare_known");
        size_t n;

        if (!json_is_array(list) || !json_array_size(list) || (spare && !json_is_boolean(spare)) ||
            json_object_size(selector) != (spare ? 2 : 1))
                return error_say(error, -EINVAL,
                                 "une clôture demande {\"countries\":[…]} avec au moins un code de pays, et "
                                 "admet \"spare_known\" : true ou false",
                                 "a fence needs {\"countries\":[…]} with at least one country code, and "
                                 "takes \"spare_known\":true or false");
        json_array_foreach(list, n, code)
        {
                const char *text = json_string_value(code);

                if (!text || !country_index(text))
                        return error_say(
                                error, -EINVAL,
                                "l’élément %zu de « countries » n’est pas un code de pays : « %.8s »",
                                "entry %zu of \"countries\" is no country code: \"%.8s\"", n + 1,
                                text ? text : "");
        }
        return 0;
}

static int check_throttle(const json_t *selector, struct error *error)
{
        json_int_t rate = json_integer_value(json_object_get(selector, "rate_pps"));

        if (json_object_size(selector) != 1 || rate < 1 || rate > SELECTOR_RATE_MAX)
                return error_say(error, -EINVAL, "un bridage demande {\"rate_pps\":N}, où N vaut 1 ou plus",
                                 "a throttle needs {\"rate_pps\":N} with N of 1 or more");
        return 0;
}

int selector_check(enum measure_kind kind, const json_t *selector, struct error *error)
{
        switch (kind) {
        case MEASURE_KIND_SIGNATURE:
                return check_signature(selector, error);
        case MEASURE_KIND_FENCE:
                return check_fence(selector, error);
        case MEASURE_KIND_THROTTLE:
                return check_throttle(selector, error);
        case MEASURE_KIND_CHALLENGE:
                return json_object_size(selector)
                               ? error_say(error, -EINVAL, "un défi vaut pour tous : son sélecteur est vide",
                                           "a challenge is for all: its selector is empty")
                               : 0;
        default:
                return error_say(error, -EINVAL, "aucune mesure n’est de cette sorte",
                                 "no measure is of this kind");
        }
}
