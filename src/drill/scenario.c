/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/scenario.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"

#define SCENARIO_FILE_MAX (256u * 1024)

static const cyaml_schema_value_t country_schema = {
        CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 2, 2),
};

static const cyaml_schema_field_t text_fields[] = {
        CYAML_FIELD_STRING_PTR("fr", CYAML_FLAG_POINTER, struct scenario_text, fr, 1, 200),
        CYAML_FIELD_STRING_PTR("en", CYAML_FLAG_POINTER, struct scenario_text, en, 1, 200),
        CYAML_FIELD_END,
};

/* The parsed addresses are filled by the check below. */
static const cyaml_schema_field_t service_fields[] = {
        CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct scenario_service, name, 1, 32),
        CYAML_FIELD_STRING_PTR("v4", CYAML_FLAG_POINTER, struct scenario_service, v4, 7, 15),
        CYAML_FIELD_STRING_PTR("v6", CYAML_FLAG_POINTER, struct scenario_service, v6, 3, 39),
        CYAML_FIELD_UINT("port", CYAML_FLAG_DEFAULT, struct scenario_service, port),
        CYAML_FIELD_END,
};
static const cyaml_schema_value_t service_schema = {
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct scenario_service, service_fields),
};

static const cyaml_schema_field_t crowd_fields[] = {
        CYAML_FIELD_UINT("requests_per_second", CYAML_FLAG_DEFAULT, struct scenario_crowd,
                         requests_per_second),
        CYAML_FIELD_UINT("known_europe", CYAML_FLAG_DEFAULT, struct scenario_crowd, known_europe),
        CYAML_FIELD_UINT("known_elsewhere", CYAML_FLAG_DEFAULT, struct scenario_crowd, known_elsewhere),
        CYAML_FIELD_UINT("new_europe", CYAML_FLAG_DEFAULT, struct scenario_crowd, new_europe),
        CYAML_FIELD_UINT("new_elsewhere", CYAML_FLAG_DEFAULT, struct scenario_crowd, new_elsewhere),
        CYAML_FIELD_UINT("v6_percent", CYAML_FLAG_DEFAULT, struct scenario_crowd, v6_percent),
        CYAML_FIELD_UINT("second_service_percent", CYAML_FLAG_DEFAULT, struct scenario_crowd,
                         second_service_percent),
        CYAML_FIELD_SEQUENCE_COUNT("europe", CYAML_FLAG_POINTER, struct scenario_crowd, europe, europe_count,
                                   &country_schema, 1, SCENARIO_COUNTRIES_MAX),
        CYAML_FIELD_SEQUENCE_COUNT("elsewhere", CYAML_FLAG_POINTER, struct scenario_crowd, elsewhere,
                                   elsewhere_count, &country_schema, 1, SCENARIO_COUNTRIES_MAX),
        CYAML_FIELD_END,
};

static const cyaml_schema_field_t wave_fields[] = {
        CYAML_FIELD_STRING_PTR("capture", CYAML_FLAG_POINTER, struct scenario_wave, capture, 1, 255),
        CYAML_FIELD_STRING_PTR("service", CYAML_FLAG_POINTER, struct scenario_wave, service, 1, 32),
        CYAML_FIELD_UINT("port", CYAML_FLAG_DEFAULT, struct scenario_wave, port),
        CYAML_FIELD_UINT("pps", CYAML_FLAG_DEFAULT, struct scenario_wave, pps),
        CYAML_FIELD_UINT("from_s", CYAML_FLAG_DEFAULT, struct scenario_wave, from_s),
        CYAML_FIELD_UINT("to_s", CYAML_FLAG_DEFAULT, struct scenario_wave, to_s),
        CYAML_FIELD_END,
};
static const cyaml_schema_value_t wave_schema = {
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct scenario_wave, wave_fields),
};

static const cyaml_strval_t acts[] = {
        {"throttle", SCENARIO_THROTTLE},
        {"fence", SCENARIO_FENCE},
        {"reopen", SCENARIO_REOPEN},
        {"lift", SCENARIO_LIFT},
};
static const cyaml_schema_field_t step_fields[] = {
        CYAML_FIELD_UINT("at_s", CYAML_FLAG_DEFAULT, struct scenario_step, at_s),
        CYAML_FIELD_UINT("after_s", CYAML_FLAG_DEFAULT, struct scenario_step, after_s),
        CYAML_FIELD_ENUM("do", CYAML_FLAG_STRICT, struct scenario_step, act, acts, CYAML_ARRAY_LEN(acts)),
        CYAML_FIELD_UINT("pps", CYAML_FLAG_DEFAULT, struct scenario_step, pps),
        CYAML_FIELD_SEQUENCE_COUNT("countries", CYAML_FLAG_POINTER, struct scenario_step, countries,
                                   country_count, &country_schema, 0, SCENARIO_COUNTRIES_MAX),
        CYAML_FIELD_END,
};
static const cyaml_schema_value_t step_schema = {
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct scenario_step, step_fields),
};

static const cyaml_schema_field_t answer_fields[] = {
        CYAML_FIELD_UINT("at_s", CYAML_FLAG_DEFAULT, struct scenario_answer, at_s),
        CYAML_FIELD_STRING_PTR("fact", CYAML_FLAG_POINTER, struct scenario_answer, fact, 1, 63),
        CYAML_FIELD_STRING_PTR("value", CYAML_FLAG_POINTER, struct scenario_answer, value, 1, 500),
        CYAML_FIELD_END,
};
static const cyaml_schema_value_t answer_schema = {
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct scenario_answer, answer_fields),
};

static const cyaml_schema_field_t scenario_fields[] = {
        CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct scenario, name, 1, 64),
        CYAML_FIELD_MAPPING("title", CYAML_FLAG_DEFAULT, struct scenario, title, text_fields),
        CYAML_FIELD_UINT("seed", CYAML_FLAG_DEFAULT, struct scenario, seed),
        CYAML_FIELD_UINT("calm_s", CYAML_FLAG_DEFAULT, struct scenario, calm_s),
        CYAML_FIELD_UINT("attack_s", CYAML_FLAG_DEFAULT, struct scenario, attack_s),
        CYAML_FIELD_UINT("reopen_s", CYAML_FLAG_DEFAULT, struct scenario, reopen_s),
        CYAML_FIELD_SEQUENCE_COUNT("services", CYAML_FLAG_POINTER, struct scenario, services, service_count,
                                   &service_schema, 1, SCENARIO_SERVICES_MAX),
        CYAML_FIELD_MAPPING("crowd", CYAML_FLAG_DEFAULT, struct scenario, crowd, crowd_fields),
        CYAML_FIELD_SEQUENCE_COUNT("waves", CYAML_FLAG_POINTER, struct scenario, waves, wave_count,
                                   &wave_schema, 1, SCENARIO_WAVES_MAX),
        CYAML_FIELD_SEQUENCE_COUNT("as_in_2020", CYAML_FLAG_POINTER, struct scenario, steps, step_count,
                                   &step_schema, 1, SCENARIO_STEPS_MAX),
        CYAML_FIELD_SEQUENCE_COUNT("answers", CYAML_FLAG_POINTER, struct scenario, answers, answer_count,
                                   &answer_schema, 0, SCENARIO_ANSWERS_MAX),
        CYAML_FIELD_END,
};
static const cyaml_schema_value_t scenario_schema = {
        CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct scenario, scenario_fields),
};

/* libcyaml tells what is wrong in several short log lines; they become the one sentence. */
static void collect(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
        struct buffer *talk = context;
        char line[256];

        vsnprintf(line, sizeof(line), format, arguments);
        line[strcspn(line, "\n")] = '\0';
        if (talk->length)
                buffer_text(talk, "; ");
        buffer_text(talk, line);
}

static cyaml_config_t config(struct buffer *talk)
{
        return (cyaml_config_t){
                .log_fn = collect,
                .log_ctx = talk,
                .log_level = CYAML_LOG_ERROR,
                .mem_fn = cyaml_mem,
                .flags = CYAML_CFG_DEFAULT,
        };
}

struct scenario *scenario_free(struct scenario *scenario)
{
        struct buffer talk = BUFFER_INIT(1024);
        const cyaml_config_t how = config(&talk);

        if (scenario)
                cyaml_free(&how, &scenario_schema, scenario, 0);
        buffer_release(&talk);
        return NULL;
}

static int check_services(struct scenario *scenario, struct error *error)
{
        for (unsigned i = 0; i < scenario->service_count; i++) {
                struct scenario_service *service = &scenario->services[i];

                if (addr_parse(service->v4, &service->addr_v4) || service->addr_v4.family != 4)
                        return error_say(error, -EINVAL, "services, %s : v4 n’est pas une adresse IPv4 : %s",
                                         "services, %s: v4 is no IPv4 address: %s", service->name,
                                         service->v4);
                if (addr_parse(service->v6, &service->addr_v6) || service->addr_v6.family != 6)
                        return error_say(error, -EINVAL, "services, %s : v6 n’est pas une adresse IPv6 : %s",
                                         "services, %s: v6 is no IPv6 address: %s", service->name,
                                         service->v6);
                if (!service->port)
                        return error_say(error, -EINVAL,
                                         "services, %s : port doit être compris entre 1 et 65535",
                                         "services, %s: port must be 1 to 65535", service->name);
        }
        return 0;
}

static int check_wave(const struct scenario *scenario, struct scenario_wave *wave, struct error *error)
{
        unsigned i;

        if (strchr(wave->capture, '/'))
                return error_say(error, -EINVAL,
                                 "waves : capture est un nom de fichier sans dossier, et non %s",
                                 "waves: capture is a file name without folders, not %s", wave->capture);
        if (wave->to_s <= wave->from_s || wave->to_s > scenario->attack_s)
                return error_say(error, -EINVAL, "waves, %s : il faut from_s < to_s <= attack_s",
                                 "waves, %s: from_s < to_s <= attack_s must hold", wave->capture);
        if (wave->pps < 1 || wave->pps > 2000000)
                return error_say(error, -EINVAL, "waves, %s : pps doit être compris entre 1 et 2000000",
                                 "waves, %s: pps must be 1 to 2000000", wave->capture);
        for (i = 0; i < scenario->service_count; i++)
                if (strcmp(wave->service, scenario->services[i].name) == 0)
                        break;
        if (i == scenario->service_count)
                return error_say(error, -EINVAL, "waves, %s : aucun service ne s’appelle %s",
                                 "waves, %s: no service is called %s", wave->capture, wave->service);
        wave->service_index = i;
        return 0;
}

static int check_crowd(const struct scenario_crowd *crowd, struct error *error)
{
        uint64_t clients = (uint64_t)crowd->known_europe + crowd->known_elsewhere + crowd->new_europe +
                           crowd->new_elsewhere;

        if (crowd->requests_per_second < 1 || crowd->requests_per_second > 2000)
                return error_say(error, -EINVAL,
                                 "crowd : requests_per_second doit être compris entre 1 et 2000",
                                 "crowd: requests_per_second must be 1 to 2000");
        if (!crowd->known_europe || !crowd->known_elsewhere || !crowd->new_europe || !crowd->new_elsewhere ||
            clients > SCENARIO_CLIENTS_MAX)
                return error_say(error, -EINVAL,
                                 "crowd : chaque catégorie a besoin d’au moins un client, et toutes ensemble "
                                 "en comptent %d au plus",
                                 "crowd: each class needs a client, all together at most %d",
                                 SCENARIO_CLIENTS_MAX);
        if (crowd->v6_percent > 100 || crowd->second_service_percent > 100)
                return error_say(error, -EINVAL, "crowd : un pourcentage est compris entre 0 et 100",
                                 "crowd: a percentage lies between 0 and 100");
        return 0;
}

static int check(struct scenario *scenario, struct error *error)
{
        const uint32_t seconds[] = {scenario->calm_s, scenario->attack_s, scenario->reopen_s};
        int r;

        for (unsigned i = 0; i < ARRAY_LEN(seconds); i++)
                if (seconds[i] < 1 || seconds[i] > SCENARIO_SECONDS_MAX)
                        return error_say(error, -EINVAL,
                                         "calm_s, attack_s et reopen_s doivent être compris entre 1 et %d",
                                         "calm_s, attack_s and reopen_s must be 1 to %d",
                                         SCENARIO_SECONDS_MAX);
        r = check_services(scenario, error);
        if (!r)
                r = check_crowd(&scenario->crowd, error);
        for (unsigned i = 0; !r && i < scenario->wave_count; i++)
                r = check_wave(scenario, &scenario->waves[i], error);
        return r;
}

int scenario_read(const char *path, struct scenario **ret_scenario, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        CLEANUP(buffer_release) struct buffer talk = BUFFER_INIT(900);
        const cyaml_config_t how = config(&talk);
        struct scenario *scenario = NULL;
        cyaml_err_t problem;
        size_t length;
        int r = file_read(path, SCENARIO_FILE_MAX, &text, &length, error);

        if (r)
                return r;
        problem = cyaml_load_data((const uint8_t *)text, length, &how, &scenario_schema,
                                  (cyaml_data_t **)&scenario, NULL);
        if (problem != CYAML_OK)
                return error_say(error, -EINVAL, "%s : %s", "%s: %s", path,
                                 talk.length ? buffer_string(&talk) : cyaml_strerror(problem));
        r = check(scenario, error);
        if (r) {
                scenario_free(scenario);
                return error_context(error, r, "%s", "%s", path);
        }
        *ret_scenario = scenario;
        return 0;
}
