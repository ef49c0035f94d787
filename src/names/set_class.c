/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/set_class.h"

#include <string.h>

_Static_assert(SET_CLASSES_MAX == SET_IMAGE_CLASSES && SET_SOURCES_MAX == SET_IMAGE_SOURCES &&
                       SET_SOURCE_LENGTH == SET_SOURCE_SIZE - 1,
               "the header and the image say the same");
_Static_assert((SET_ACTION_COUNT + 1) * (SET_ACTION_COUNT + 1) <= SET_CLASS_UNITED,
               "two actions and none make four");
_Static_assert(SET_CLASS_PLACES >= 2 * SET_CLASSES_MAX, "a search ends at an empty place");

static unsigned united_number(const struct set_image_class *class)
{
        return (unsigned)class->exact * (SET_ACTION_COUNT + 1) + class->below;
}

void set_classes_begin(struct set_classes *classes)
{
        memset(classes, 0, sizeof(*classes));
        classes->count = SET_CLASS_UNITED;
        for (unsigned i = 0; i < SET_CLASS_UNITED; i++) {
                classes->items[i].exact = (uint8_t)(i / (SET_ACTION_COUNT + 1));
                classes->items[i].below = (uint8_t)(i % (SET_ACTION_COUNT + 1));
        }
}

static void list(struct set_image_class *class, bool below, unsigned source, unsigned action)
{
        uint64_t *sources = below ? &class->below_sources : &class->exact_sources;
        uint8_t *strongest = below ? &class->below : &class->exact;

        *sources |= 1ULL << source;
        if (action > *strongest)
                *strongest = (uint8_t)action;
}

static unsigned place_of(const struct set_image_class *class)
{
        uint64_t hash = class->exact_sources * 0x9fb21c651e98df25ULL ^ united_number(class);

        hash = (hash ^ hash >> 32 ^ class->below_sources) * 0xa0761d6478bd642fULL;
        return (unsigned)(hash >> 52) & (SET_CLASS_PLACES - 1);
}

static bool same(const struct set_image_class *a, const struct set_image_class *b)
{
        return a->exact_sources == b->exact_sources && a->below_sources == b->below_sources &&
               a->exact == b->exact && a->below == b->below;
}

static unsigned unite(struct set_classes *classes, const struct set_image_class *class)
{
        struct set_image_class *united = &classes->items[united_number(class)];

        united->exact_sources |= class->exact_sources;
        united->below_sources |= class->below_sources;
        classes->united++;
        return united_number(class);
}

unsigned set_classes_add(struct set_classes *classes, unsigned have, bool below, unsigned source,
                         enum set_action action)
{
        struct set_image_class class = have ? classes->items[have] : (struct set_image_class){0};
        unsigned place;

        list(&class, below, source, (unsigned)action + 1);
        if (have && have < SET_CLASS_UNITED)
                return unite(classes, &class);
        for (place = place_of(&class); classes->places[place]; place = (place + 1) % SET_CLASS_PLACES)
                if (same(&classes->items[classes->places[place]], &class))
                        return classes->places[place];
        if (classes->count == SET_CLASSES_MAX)
                return unite(classes, &class);
        classes->items[classes->count] = class;
        classes->places[place] = (uint16_t)classes->count;
        return classes->count++;
}
