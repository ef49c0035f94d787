/* SPDX-License-Identifier: EUPL-1.2 */
/* The settings in force, as `garde check` prints them, and what a hospital should have seen to before its worst morning. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/contacts.h"
#include "hub/world.h"
#include "journal/journal.h"

#define DEPTH_MAX 8
#define KEY_MAX   (DEPTH_MAX * 65)

/* Takes `value` over. */
static int add(json_t *list, const char *key, json_t *value, bool ok, const char *fr, const char *en)
{
        json_t *note = ok ? json_null() : json_pack("{s:s, s:s}", "fr", fr, "en", en);

        return json_array_append_new(list, json_pack("{s:s, s:o, s:b, s:o}", "key", key, "value", value, "ok",
                                                     ok, "note", note))
                       ? -ENOMEM
                       : 0;
}

/* One line of the printed configuration: its depth says below which keys it stands. */
static int add_line(json_t *list, char names[DEPTH_MAX][64], char *line)
{
        size_t indent = strspn(line, " "), depth = indent / 2;
        char *name = line + indent, *value = strstr(name, ": "), key[KEY_MAX] = "";

        line[strcspn(line, "\n")] = '\0';
        if (!*name || *name == '#' || depth >= DEPTH_MAX)
                return 0;
        snprintf(names[depth], sizeof(names[depth]), "%.*s", (int)strcspn(name, ":"), name);
        if (!value)
                return 0;
        for (size_t i = 0; i <= depth; i++) {
                if (key[0])
                        strcat(key, ".");
                strcat(key, names[i]);
        }
        return add(list, key, json_string(value + 2), true, "", "");
}

static int add_configuration(struct act_call *call, json_t *list)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char names[DEPTH_MAX][64] = {{0}};
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        int r = out ? 0 : -ENOMEM;

        if (!r)
                r = config_check_print(out, call->world->config,
                                       call->caller->english ? LANGUAGE_EN : LANGUAGE_FR);
        if (out)
                fclose(out);
        for (char *line = text, *next; !r && line && *line; line = next) {
                next = line + strcspn(line, "\n");
                if (*next)
                        *next++ = '\0';
                r = add_line(list, names, line);
        }
        return r;
}

static int add_state(const struct world *world, json_t *list)
{
        bool edge = world->edge_connected || !world->config->edge.configured, tree = false, sealed;
        json_t *contacts = NULL;
        struct head head;
        int r;

        if (!contacts_read(world->journal, &contacts, NULL))
                tree = json_array_size(contacts) > 0;
        json_decref(contacts);
        sealed = !journal_last_head(world->journal, &head, NULL);
        r = add(list, "garde-edge", json_boolean(edge), edge,
                "le démon des paquets n’est pas relié : voyez garde status et son journal",
                "the packet daemon is not connected: see garde status and its log");
        if (!r)
                r = add(list, "contacts", json_boolean(tree), tree,
                        "l’annuaire de crise est vide : remplissez-le, imprimez-le (garde kit)",
                        "the call tree is empty: fill it in, print it (garde kit)");
        if (!r)
                r = add(list, "journal.head", json_boolean(sealed), sealed,
                        "aucune tête signée : garde journal head, et gardez-la ailleurs",
                        "no signed head: garde journal head, and keep it elsewhere");
        return r;
}

static int run_settings(struct act_call *call)
{
        json_t *list = json_array();
        int r = add_state(call->world, list);

        if (!r)
                r = add_configuration(call, list);
        if (r || json_object_set(call->out, "checks", list))
                r = act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        json_decref(list);
        return r;
}

static const struct act acts[] = {
        {.name = "settings.show",
         .method = ACT_GET,
         .path = "/settings",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW | ACT_ROLE(AUDITOR),
         .result = "Settings",
         .fr = "Les réglages en vigueur, et ce qui manque",
         .en = "The settings in force, and what is missing",
         .run = run_settings},
};

const struct act_table acts_settings = {acts, ARRAY_LEN(acts)};
