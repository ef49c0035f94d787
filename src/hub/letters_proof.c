/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/letters_proof.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct proof {
        struct press_house house;
        json_t *document; /* a copy of its own: another thread reads it */
};

static void release_proof(void *context)
{
        struct proof *proof = context;

        json_decref(proof->document);
        free(proof);
}

static const char *say(const struct proof *proof, const char *fr, const char *en)
{
        return language_pick(proof->house.language, fr, en);
}

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

static void add_time(struct buffer *text, const struct proof *proof, const char *time)
{
        int64_t ms;

        if (!time_parse(time, &ms))
                language_moment(text, proof->house.language, proof->house.zone, MOMENT_SHORT, ms);
}

static void add_head(struct paper *paper, const struct proof *proof)
{
        const json_t *title = json_object_get(proof->document, "title");
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(1024);
        char number[32];

        paper_heading(paper, 1, say(proof, "Preuve d’envoi", "Proof of sending"));
        paper_field(paper, say(proof, "Modèle", "Template"), text_of(title, say(proof, "fr", "en")));
        paper_field(paper, say(proof, "Envoi", "Batch"), text_of(proof->document, "id"));
        paper_field(paper, say(proof, "Incident", "Incident"), text_of(proof->document, "incident"));
        snprintf(number, sizeof(number), "%lld",
                 (long long)json_integer_value(json_object_get(proof->document, "total")));
        paper_field(paper, say(proof, "Lettres", "Letters"), number);
        add_time(&text, proof, text_of(proof->document, "at"));
        paper_field(paper, say(proof, "Préparées le", "Prepared on"), buffer_string(&text));
        paper_field(paper, say(proof, "Par", "By"), text_of(proof->document, "by"));
        if (text_of(proof->document, "csv_sha256")[0])
                paper_field(paper, say(proof, "SHA-256 du tableau", "SHA-256 of the table"),
                            text_of(proof->document, "csv_sha256"));
        paper_field(paper, say(proof, "SHA-256 des lettres", "SHA-256 of the letters"),
                    text_of(proof->document, "pdf_sha256"));
}

static void add_lines(struct paper *paper, const struct proof *proof)
{
        const struct paper_column columns[] = {{.title = say(proof, "Numéros", "Numbers"), .share = 2},
                                               {.title = say(proof, "Date", "Date"), .share = 3},
                                               {.title = say(proof, "Voie", "Way"), .share = 4},
                                               {.title = say(proof, "Suivi", "Tracking"), .share = 3},
                                               {.title = say(proof, "Noté par", "Noted by"), .share = 3}};
        const json_t *line;
        size_t index;

        paper_heading(paper, 2, say(proof, "Ce qui est parti", "What went out"));
        paper_table(paper, columns, ARRAY_LEN(columns));
        json_array_foreach(json_object_get(proof->document, "sent"), index, line)
        {
                CLEANUP(buffer_release) struct buffer at = BUFFER_INIT(256);
                char numbers[64];
                const char *cells[] = {numbers, "", text_of(line, "way"), text_of(line, "tracking"),
                                       text_of(line, "by")};

                snprintf(numbers, sizeof(numbers), "%lld – %lld",
                         (long long)json_integer_value(json_object_get(line, "from")),
                         (long long)json_integer_value(json_object_get(line, "to")));
                add_time(&at, proof, text_of(line, "at"));
                cells[1] = buffer_string(&at);
                paper_row(paper, cells);
        }
        paper_table_end(paper);
        if (!json_array_size(json_object_get(proof->document, "sent")))
                paper_paragraph(paper,
                                say(proof, "Rien n’est noté comme parti.", "Nothing is noted as sent."));
        paper_gap(paper, 14);
        paper_blank(paper, say(proof, "Nom et fonction", "Name and position"));
        paper_blank(paper, say(proof, "Date et signature", "Date and signature"));
}

static int print_proof(void *context, char **ret_bytes, size_t *ret_length, struct error *error)
{
        const struct proof *proof = context;
        const struct paper_info info =
                press_info(&proof->house, say(proof, "Preuve d’envoi", "Proof of sending"),
                           text_of(proof->document, "id"));
        struct paper *paper;
        int r = paper_new(&info, &paper, error);

        if (r)
                return r;
        add_head(paper, proof);
        add_lines(paper, proof);
        r = paper_render(paper, ret_bytes, ret_length, error);
        paper_free(paper);
        return r;
}

int letters_proof(struct act_call *call, json_t *document)
{
        struct proof *proof = calloc(1, sizeof(*proof));
        char name[96];

        if (!proof) {
                json_decref(document);
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        proof->document = document;
        press_house(call, act_text(call, "language"), &proof->house);
        snprintf(name, sizeof(name), "%s-%s.pdf", say(proof, "preuve", "proof"), text_of(document, "id"));
        const struct press_order order = {
                .print = print_proof,
                .release = release_proof,
                .context = proof,
                .type = "application/pdf",
                .name = name,
                .incident = text_of(document, "incident"),
                .body = json_pack("{s:s, s:s}", "what", "letters.proof", "letters", text_of(document, "id"))};
        return press_start(call, &order);
}
