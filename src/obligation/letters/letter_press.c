/* SPDX-License-Identifier: EUPL-1.2 */
#include <cairo-pdf.h>
#include <errno.h>
#include <fcntl.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "obligation/documents/lettering.h"
#include "obligation/documents/paper.h"
#include "obligation/letters/letter.h"

#define MM(millimetres) ((millimetres)*72 / 25.4)

/* Where things stand on the sheet, in points. */
#define LEFT          MM(22.0)
#define RIGHT         (PAPER_WIDTH_PT - MM(20.0))
#define WIDTH         (RIGHT - LEFT)
#define TOP           MM(20.0)
#define BOTTOM        (PAPER_HEIGHT_PT - MM(18.0))
#define SENDER_WIDTH  MM(80.0)
#define ADDRESS_LEFT  MM(110.0) /* within the window, however the sheet slips in the envelope */
#define ADDRESS_TOP   MM(50.0)
#define ADDRESS_WIDTH MM(85.0)
#define ADDRESS_HIGH  MM(27.0)
#define BODY_TOP      MM(93.0) /* below the window */
#define FOLD_FIRST    MM(99.0)
#define FOLD_SECOND   MM(198.0)

#define BODY_PT   10.0
#define SMALL_PT  8.0
#define GAP       6.0
#define POINT_IN  14.0
#define SIGN_HIGH 30.0 /* room to sign in */

/* What is the same in every letter of one language is laid out once. */
struct setting {
        const struct letter_words *words;
        struct lettering letters;
        PangoLayout **layouts; /* of the texts; NULL where it is the recipient's */
        PangoLayout *subject, *closing, *sender, *date, *signer;
};

struct letter_press {
        const struct letter_house *house;
        enum language otherwise;
        struct setting settings[LANGUAGE_COUNT];
        cairo_surface_t *surface;
        cairo_t *cairo;
        int fd;
        int failure; /* of writing */
        bool begun;
};

/* ---- the file ---- */

static cairo_status_t on_bytes(void *context, const unsigned char *data, unsigned length)
{
        struct letter_press *press = context;

        while (length) {
                ssize_t n = write(press->fd, data, length);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0) {
                        press->failure = n < 0 ? -errno : -EIO;
                        return CAIRO_STATUS_WRITE_ERROR;
                }
                data += n;
                length -= (unsigned)n;
        }
        return CAIRO_STATUS_SUCCESS;
}

/* ---- what is laid out once ---- */

static PangoLayout *lay(const struct setting *setting, const char *text, double points, bool bold,
                        double width)
{
        CLEANUP(cleanup_free) char *set = language_typeset(setting->words->language, text);

        return lettering_layout(&setting->letters, set ? set : "", points, bold, width);
}

static PangoLayout *lay_text(const struct setting *setting, enum letter_part_kind kind, const char *text)
{
        double width = kind == LETTER_POINT ? WIDTH - POINT_IN : WIDTH;

        return lay(setting, text, BODY_PT, kind == LETTER_HEADING, width);
}

static void lay_around(struct setting *setting, const struct letter_house *house)
{
        enum language language = setting->words->language;
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(64 * 1024);

        buffer_format(&text, "%s\n%s%s%s", house->structure, house->address, house->contact[0] ? "\n" : "",
                      house->contact);
        setting->sender = lay(setting, buffer_string(&text), SMALL_PT + 1, false, SENDER_WIDTH);
        buffer_release(&text);
        buffer_text(&text, language_pick(language, "Le ", ""));
        language_moment(&text, language, house->zone, MOMENT_DAY, house->dated_ms);
        setting->date = lay(setting, buffer_string(&text), BODY_PT, false, 0);
        buffer_release(&text);
        buffer_format(&text, language_pick(language, "Objet : %s", "Subject: %s"), setting->words->subject);
        setting->subject = lay(setting, buffer_string(&text), BODY_PT, true, WIDTH);
        if (setting->words->closing)
                setting->closing = lay_text(setting, LETTER_TEXT, setting->words->closing);
        buffer_release(&text);
        buffer_format(&text, "%s%s%s", house->signer, house->signer_role[0] ? "\n" : "", house->signer_role);
        setting->signer = lay(setting, buffer_string(&text), BODY_PT, false, WIDTH / 2);
}

static int setting_open(struct setting *setting, const struct letter_words *words,
                        const struct letter_house *house)
{
        setting->words = words;
        lettering_open(&setting->letters, words->language == LANGUAGE_EN ? "en-GB" : "fr-FR");
        setting->layouts = calloc(words->count + 1, sizeof(*setting->layouts));
        if (!setting->layouts)
                return -ENOMEM;
        for (size_t i = 0; i < words->count; i++)
                if (!words->texts[i].personal)
                        setting->layouts[i] = lay_text(setting, words->texts[i].kind, words->texts[i].text);
        lay_around(setting, house);
        return 0;
}

static void setting_close(struct setting *setting)
{
        for (size_t i = 0; setting->layouts && i < setting->words->count; i++)
                g_clear_object(&setting->layouts[i]);
        free(setting->layouts);
        g_clear_object(&setting->subject);
        g_clear_object(&setting->closing);
        g_clear_object(&setting->sender);
        g_clear_object(&setting->date);
        g_clear_object(&setting->signer);
        if (setting->words)
                lettering_close(&setting->letters);
        *setting = (struct setting){0};
}

/* ---- one letter ---- */

struct letter {
        struct letter_press *press;
        const struct setting *setting;
        const struct recipient *recipient;
        unsigned long number;
        PangoLayout **own; /* of the texts that are the recipient's */
        cairo_t *cairo;    /* NULL: only counting */
        unsigned page, pages;
        double y;
        bool too_long;
};

static double height_of(PangoLayout *layout)
{
        PangoRectangle box;

        pango_layout_get_extents(layout, NULL, &box);
        return (double)box.height / PANGO_SCALE;
}

static void show(const struct letter *letter, PangoLayout *layout, double x, double y)
{
        if (!letter->cairo)
                return;
        cairo_set_source_rgb(letter->cairo, 0, 0, 0);
        cairo_move_to(letter->cairo, x, y);
        pango_cairo_show_layout(letter->cairo, layout);
}

static void draw_foot(const struct letter *letter)
{
        const struct letter_house *house = letter->press->house;
        const struct lettering *letters = &letter->setting->letters;
        struct lettering_style style = {.points = 7, .grey = 0.3};
        char text[256];

        if (!letter->cairo)
                return;
        snprintf(text, sizeof(text), "%.120s · %s · %s %lu", house->structure, house->batch,
                 language_pick(letter->setting->words->language, "n°", "no."), letter->number);
        lettering_line(letters, letter->cairo, LEFT, BOTTOM + MM(6.0), text, &style);
        snprintf(text, sizeof(text), "%u / %u", letter->page, letter->pages);
        style.align = LETTERING_RIGHT;
        lettering_line(letters, letter->cairo, RIGHT, BOTTOM + MM(6.0), text, &style);
}

static void draw_folds(const struct letter *letter)
{
        if (!letter->cairo || !letter->recipient)
                return;
        cairo_set_source_rgb(letter->cairo, 0.5, 0.5, 0.5);
        cairo_rectangle(letter->cairo, MM(3.0), FOLD_FIRST, MM(4.0), 0.4);
        cairo_rectangle(letter->cairo, MM(3.0), FOLD_SECOND, MM(4.0), 0.4);
        cairo_fill(letter->cairo);
}

static void page_begin(struct letter *letter)
{
        if (letter->page == LETTER_PAGES_MAX) {
                letter->too_long = true;
                return;
        }
        if (letter->cairo && letter->press->begun)
                cairo_show_page(letter->cairo);
        if (letter->cairo)
                letter->press->begun = true;
        letter->page++;
        letter->y = TOP;
        draw_foot(letter);
}

/* The address block never grows out of the window: its letters shrink before that. */
static void draw_address(const struct letter *letter)
{
        const struct recipient *recipient = letter->recipient;
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(8192);

        if (!letter->cairo)
                return;
        for (size_t i = 0; i < recipient->line_count; i++)
                buffer_format(&text, "%s%s", i ? "\n" : "", recipient->lines[i]);
        for (double points = 10.5; points >= 6; points -= 0.9) {
                PangoLayout *layout =
                        lay(letter->setting, buffer_string(&text), points, false, ADDRESS_WIDTH);
                bool fits = height_of(layout) <= ADDRESS_HIGH || points < 6.9;

                if (fits)
                        show(letter, layout, ADDRESS_LEFT, ADDRESS_TOP);
                g_object_unref(layout);
                if (fits)
                        return;
        }
}

static void draw_reference(struct letter *letter)
{
        const struct letter_house *house = letter->press->house;
        struct lettering_style style = {.points = SMALL_PT, .grey = 0.25};
        char text[256];

        snprintf(text, sizeof(text), "%s%s%s%s",
                 language_pick(letter->setting->words->language, "Nos références : ", "Our reference: "),
                 house->reference, letter->recipient && letter->recipient->reference[0] ? " / " : "",
                 letter->recipient ? letter->recipient->reference : "");
        if (letter->cairo)
                lettering_line(&letter->setting->letters, letter->cairo, LEFT, letter->y, text, &style);
}

static void draw_head(struct letter *letter)
{
        const struct setting *setting = letter->setting;
        PangoRectangle date;

        page_begin(letter);
        draw_folds(letter);
        show(letter, setting->sender, LEFT, TOP - MM(6.0));
        if (letter->recipient) {
                draw_address(letter);
                letter->y = BODY_TOP;
        } else {
                letter->y = TOP + height_of(setting->sender) + MM(6.0);
        }
        pango_layout_get_extents(setting->date, NULL, &date);
        show(letter, setting->date, RIGHT - (double)date.width / PANGO_SCALE, letter->y);
        draw_reference(letter);
        letter->y += BODY_PT * 2.6;
        show(letter, setting->subject, LEFT, letter->y);
        letter->y += height_of(setting->subject) + 2 * GAP;
}

/* Line by line, over the end of the page where need be. */
static void set_lines(struct letter *letter, PangoLayout *layout, double x)
{
        PangoLayoutIter *iter = pango_layout_get_iter(layout);

        do {
                PangoRectangle box;
                double high, base;

                pango_layout_iter_get_line_extents(iter, NULL, &box);
                high = (double)box.height / PANGO_SCALE;
                base = (double)(pango_layout_iter_get_baseline(iter) - box.y) / PANGO_SCALE;
                if (letter->y + high > BOTTOM)
                        page_begin(letter);
                if (letter->too_long)
                        break;
                if (letter->cairo) {
                        cairo_set_source_rgb(letter->cairo, 0, 0, 0);
                        cairo_move_to(letter->cairo, x + (double)box.x / PANGO_SCALE, letter->y + base);
                        pango_cairo_show_layout_line(letter->cairo,
                                                     pango_layout_iter_get_line_readonly(iter));
                }
                letter->y += high;
        } while (pango_layout_iter_next_line(iter));
        pango_layout_iter_free(iter);
}

static void draw_bullet(const struct letter *letter)
{
        if (!letter->cairo)
                return;
        cairo_set_source_rgb(letter->cairo, 0, 0, 0);
        cairo_arc(letter->cairo, LEFT + 5, letter->y + BODY_PT * 0.66, 1.6, 0, 6.2832);
        cairo_fill(letter->cairo);
}

static void set_text(struct letter *letter, enum letter_part_kind kind, PangoLayout *layout)
{
        double most = kind == LETTER_HEADING ? 4 * BODY_PT : 2.6 * BODY_PT;

        letter->y += kind == LETTER_HEADING ? GAP * 1.4 : kind == LETTER_POINT ? GAP * 0.5 : GAP * 0.8;
        /* A heading is never the last on its page, nor a paragraph's first line alone. */
        if (letter->y + most > BOTTOM)
                page_begin(letter);
        if (kind == LETTER_POINT)
                draw_bullet(letter);
        set_lines(letter, layout, kind == LETTER_POINT ? LEFT + POINT_IN : LEFT);
}

static void set_end(struct letter *letter)
{
        const struct setting *setting = letter->setting;
        double high = height_of(setting->signer);
        double end = high + SIGN_HIGH + 4 * GAP + (setting->closing ? height_of(setting->closing) : 0);

        /* Nobody signs an empty page: the last words go along. */
        if (letter->y + end > BOTTOM)
                page_begin(letter);
        if (setting->closing)
                set_text(letter, LETTER_TEXT, setting->closing);
        letter->y += setting->closing ? GAP * 3 : GAP * 2;
        show(letter, setting->signer, LEFT + WIDTH / 2, letter->y);
        letter->y += high + SIGN_HIGH;
}

static void set_letter(struct letter *letter)
{
        const struct letter_words *words = letter->setting->words;

        letter->page = 0;
        draw_head(letter);
        for (size_t i = 0; i < words->count && !letter->too_long; i++)
                set_text(letter, words->texts[i].kind,
                         words->texts[i].personal ? letter->own[i] : letter->setting->layouts[i]);
        set_end(letter);
}

/* ---- what is the recipient's ---- */

static const char *person_value(void *context, const char *field)
{
        const struct letter *letter = context;

        if (!strcmp(field, "greeting"))
                return letter_greeting(letter->setting->words->language,
                                       letter->recipient ? letter->recipient->civility : "");
        if (!letter->recipient)
                return "";
        if (!strcmp(field, "name"))
                return letter->recipient->name;
        if (!strcmp(field, "civility"))
                return letter->recipient->civility;
        return !strcmp(field, "reference") ? letter->recipient->reference : NULL;
}

static int lay_own(struct letter *letter)
{
        const struct letter_words *words = letter->setting->words;

        letter->own = calloc(words->count + 1, sizeof(*letter->own));
        for (size_t i = 0; letter->own && i < words->count; i++) {
                CLEANUP(cleanup_free) char *text = NULL;

                if (!words->texts[i].personal)
                        continue;
                text = template_fill(words->texts[i].text, person_value, letter, false);
                letter->own[i] = lay_text(letter->setting, words->texts[i].kind, text ? text : "");
        }
        return letter->own ? 0 : -ENOMEM;
}

static int press_status(struct letter_press *press, struct error *error)
{
        cairo_status_t status = cairo_status(press->cairo);

        if (!status)
                status = cairo_surface_status(press->surface);
        if (press->failure)
                return error_say(error, press->failure, "les lettres ne s’écrivent pas : %m",
                                 "the letters cannot be written: %m");
        return status ? error_say(error, status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EIO,
                                  "les lettres ne se dessinent pas : %s", "the letters cannot be drawn: %s",
                                  cairo_status_to_string(status))
                      : 0;
}

int letter_press_add(struct letter_press *press, const struct recipient *recipient, unsigned long number,
                     unsigned *ret_pages, struct error *error)
{
        enum language language =
                recipient && recipient->has_language ? recipient->language : press->otherwise;
        struct letter letter = {.press = press,
                                .setting = &press->settings[language],
                                .recipient = recipient,
                                .number = number};
        int r;

        if (!letter.setting->words)
                letter.setting = &press->settings[press->otherwise];
        r = lay_own(&letter);
        if (r)
                return error_say(error, r, "mémoire insuffisante", "out of memory");
        set_letter(&letter);
        letter.pages = letter.page;
        if (!letter.too_long) {
                letter.cairo = press->cairo;
                set_letter(&letter);
        }
        for (size_t i = 0; i < letter.setting->words->count; i++)
                g_clear_object(&letter.own[i]);
        free(letter.own);
        if (letter.too_long)
                return error_say(error, -E2BIG, "une lettre dépasse %d pages",
                                 "a letter is longer than %d pages", LETTER_PAGES_MAX);
        *ret_pages = letter.pages;
        return press_status(press, error);
}

/* ---- life ---- */

static void press_free(struct letter_press *press)
{
        for (size_t i = 0; i < LANGUAGE_COUNT; i++)
                setting_close(&press->settings[i]);
        if (press->cairo)
                cairo_destroy(press->cairo);
        if (press->surface)
                cairo_surface_destroy(press->surface);
        if (press->fd >= 0)
                close(press->fd);
        free(press);
}

int letter_press_open(const char *path, const struct letter_house *house, const struct letter_words *words,
                      enum language otherwise, struct letter_press **ret_press, struct error *error)
{
        struct letter_press *press = calloc(1, sizeof(*press));
        int r = 0;

        if (!press)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        press->house = house;
        press->otherwise = otherwise;
        press->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (press->fd < 0) {
                r = error_say(error, -errno, "%s ne s’écrit pas : %m", "%s cannot be written: %m", path);
                press_free(press);
                return r;
        }
        for (size_t i = 0; !r && i < LANGUAGE_COUNT; i++)
                if (words[i].texts)
                        r = setting_open(&press->settings[i], &words[i], house);
        press->surface =
                cairo_pdf_surface_create_for_stream(on_bytes, press, PAPER_WIDTH_PT, PAPER_HEIGHT_PT);
        press->cairo = cairo_create(press->surface);
        cairo_pdf_surface_set_metadata(press->surface, CAIRO_PDF_METADATA_CREATOR, "Garde " GARDE_VERSION);
        cairo_pdf_surface_set_metadata(press->surface, CAIRO_PDF_METADATA_AUTHOR, house->structure);
        cairo_pdf_surface_set_metadata(press->surface, CAIRO_PDF_METADATA_TITLE, house->batch);
        if (!r)
                r = press_status(press, error);
        if (r) {
                press_free(press);
                return r;
        }
        *ret_press = press;
        return 0;
}

int letter_press_close(struct letter_press *press, struct error *error)
{
        int r;

        if (press->begun)
                cairo_show_page(press->cairo);
        cairo_surface_finish(press->surface);
        r = press_status(press, error);
        if (!r && fsync(press->fd))
                r = error_say(error, -errno, "les lettres ne sont pas sur le disque : %m",
                              "the letters are not on disk: %m");
        press_free(press);
        return r;
}

void letter_press_abort(struct letter_press *press)
{
        if (press)
                press_free(press);
}
