/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/status_page.h"

#include <errno.h>

#include "base/clock.h"
#include "base/html.h"
#include "base/language.h"
#include "obligation/documents/language.h"

#define PAGE_MAX (8 * 1024 * 1024) /* 200 entries of 4,000 bytes, every byte an entity, twice */

static const char head[] = "<!doctype html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                           "style-src 'unsafe-inline'\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>";
static const char style[] =
        "</title>\n<style>body{font:1.125rem/1.5 sans-serif;max-width:44rem;margin:0 auto;padding:1rem}"
        "h1{line-height:1.2}ol{list-style:none;padding:0}li{padding:1rem 0;border-top:1px solid;"
        "overflow-wrap:anywhere}time{font-weight:600}section{margin-bottom:3rem}</style></head>\n<body>\n"
        "<p><a href=\"#en\" hreflang=\"en\" lang=\"en\">English</a></p>\n<main>\n";

static void put_moment(struct buffer *out, const struct status_page *page, enum language language, int64_t ms)
{
        char stamp[TIME_TEXT_SIZE];
        struct buffer text = BUFFER_INIT(256);

        time_format(ms, stamp);
        language_moment(&text, language, page->zone, MOMENT_LONG, ms);
        buffer_format(out, "<time datetime=\"%s\">", stamp);
        html_text(out, buffer_string(&text));
        buffer_text(out, "</time>");
        buffer_release(&text);
}

static void put_entry(struct buffer *out, const struct status_page *page, enum language language,
                      const json_t *entry)
{
        const char *at = json_string_value(json_object_get(entry, "at"));
        const char *text =
                json_string_value(json_object_get(json_object_get(entry, "text"), language_word(language)));
        int64_t ms;

        buffer_text(out, "<li>");
        if (at && !time_parse(at, &ms))
                put_moment(out, page, language, ms);
        buffer_text(out, "<p>");
        html_text(out, text ? text : "");
        buffer_text(out, "</p></li>\n");
}

static const char *title_in(enum language language)
{
        return language_pick(language, "État des services", "State of the services");
}

static void put_section(struct buffer *out, const struct status_page *page, enum language language)
{
        const char *word = language_word(language);
        const json_t *entry;
        size_t index;

        buffer_format(out, "<section lang=\"%s\" id=\"%s\">\n<h1>%s</h1>\n<p>", word, word,
                      title_in(language));
        html_text(out, page->structure);
        buffer_text(out, "</p>\n");
        if (json_array_size(page->entries)) {
                buffer_text(out, "<ol>\n");
                json_array_foreach(page->entries, index, entry) put_entry(out, page, language, entry);
                buffer_text(out, "</ol>\n");
        } else {
                buffer_format(out, "<p>%s</p>\n",
                              language_pick(language, "Aucun incident en cours.", "No incident is open."));
        }
        buffer_format(out, "<p>%s ", language_pick(language, "Page faite le", "Page made on"));
        put_moment(out, page, language, page->made_ms);
        buffer_text(out, "</p>\n</section>\n");
}

int status_page_html(const struct status_page *page, char **ret_bytes, size_t *ret_length,
                     struct error *error)
{
        struct buffer out = BUFFER_INIT(PAGE_MAX);

        buffer_text(&out, head);
        html_text(&out, title_in(LANGUAGE_FR));
        buffer_text(&out, " – ");
        html_text(&out, page->structure);
        buffer_text(&out, style);
        put_section(&out, page, LANGUAGE_FR);
        put_section(&out, page, LANGUAGE_EN);
        buffer_text(&out, "</main>\n</body>\n</html>\n");
        if (out.overflow) {
                buffer_release(&out);
                return error_say(error, -E2BIG, "la page publique est trop longue",
                                 "the public page is too long");
        }
        *ret_bytes = out.data;
        *ret_length = out.length;
        return 0;
}
