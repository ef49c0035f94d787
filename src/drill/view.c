/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define TEXT_MAX     (64u * 1024)
#define COLUMNS_MIN  40
#define COLUMNS_MAX  120
#define BAR_COLUMNS  30
#define HEAD_ROWS    11
#define COUNTRY_ROWS 4

static const char *const phases_fr[] = {
#define FR(name, fr, en) fr,
        VIEW_PHASES(FR)};
static const char *const phases_en[] = {
#define EN(name, fr, en) en,
        VIEW_PHASES(EN)};

static const char *pick(const struct view_frame *frame, const char *fr, const char *en)
{
        return frame->english ? en : fr;
}

/* Lines go through here: cut to the width, counted, ended. */
struct canvas {
        struct buffer *buffer;
        unsigned columns, rows, used;
};

static void put(struct canvas *canvas, const char *text)
{
        unsigned shown = 0;
        size_t length = 0;

        if (canvas->used >= canvas->rows)
                return;
        while (text[length] && text[length] != '\n') {
                if ((text[length] & 0xc0) != 0x80 && ++shown > canvas->columns)
                        break;
                length++;
        }
        buffer_append(canvas->buffer, text, length);
        buffer_text(canvas->buffer, "\n");
        canvas->used++;
}

/* 312 040: thousands apart. */
static void group(double value, char text[static 32])
{
        char digits[32];
        int length = snprintf(digits, sizeof(digits), "%.0f", value), at = 0;

        for (int i = 0; i < length && at < 30; i++) {
                if (i && (length - i) % 3 == 0)
                        text[at++] = ' ';
                text[at++] = digits[i];
        }
        text[at] = '\0';
}

/* 4.88 M: in few columns. */
static void shorten(double value, char text[static 32])
{
        if (value < 10000)
                snprintf(text, 32, "%.0f", value);
        else if (value < 1e6)
                snprintf(text, 32, "%.0f k", value / 1e3);
        else
                snprintf(text, 32, "%.2f M", value / 1e6);
}

/* "99,9 %" or "99.9 %": in tenths, never rounded up to all of it. */
static void percent(const struct view_frame *frame, double part, double whole, char text[static 16])
{
        int tenths = whole > 0 ? (int)floor(part / whole * 1000) : 0;

        snprintf(text, 16, "%d%c%d %%", tenths / 10, frame->english ? '.' : ',', tenths % 10);
}

/* Eighths of a column, so that small shares are seen, too. */
static void bar(struct buffer *buffer, double share, unsigned width)
{
        static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
        double clipped = share < 0 ? 0 : share > 1 ? 1 : share;
        unsigned units = (unsigned)(clipped * width * 8 + 0.5), shown = units / 8;

        if (share > 0 && !units)
                units = 1;
        for (unsigned i = 0; i < units / 8; i++)
                buffer_text(buffer, "█");
        if (units % 8) {
                buffer_text(buffer, eighths[units % 8]);
                shown++;
        }
        for (; shown < width; shown++)
                buffer_text(buffer, " ");
}

static void bar_line(struct canvas *canvas, const char *label, double share, const char *figure)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(1024);
        int columns = 0;

        for (const char *at = label; *at; at++)
                columns += (*at & 0xc0) != 0x80;
        buffer_format(&text, " %s%*s", label, columns < 18 ? 18 - columns : 0, "");
        bar(&text, share, BAR_COLUMNS);
        buffer_format(&text, " %s", figure);
        put(canvas, buffer_string(&text));
}

static double highest(const double *values)
{
        double most = 1;

        for (unsigned i = 0; i < VIEW_HISTORY; i++)
                most = values[i] > most ? values[i] : most;
        return most;
}

/* Sent in the upper line, what came through in the lower, both on one scale. */
static void curve(struct canvas *canvas, const char *label, const double *values, double top)
{
        static const char *const steps[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(1024);

        buffer_format(&text, " %-8s ", label);
        for (unsigned i = 0; i < VIEW_HISTORY; i++) {
                unsigned step = (unsigned)(values[i] / top * 8 + 0.5);

                if (values[i] > 0 && !step)
                        step = 1;
                buffer_text(&text, steps[step < 8 ? step : 8]);
        }
        put(canvas, buffer_string(&text));
}

static void draw_head(struct canvas *canvas, const struct view_frame *frame)
{
        char text[512];

        snprintf(text, sizeof(text), " GARDE  %s", frame->title);
        put(canvas, text);
        snprintf(text, sizeof(text), " %02u:%02u  %s  (%s %s)", frame->elapsed_s / 60, frame->elapsed_s % 60,
                 (frame->english ? phases_en : phases_fr)[frame->phase], pick(frame, "politique", "policy"),
                 drill_policy_word(frame->policy));
        put(canvas, text);
        snprintf(text, sizeof(text), " %s", frame->console ? frame->console : "");
        put(canvas, text);
}

static void draw_traffic(struct canvas *canvas, const struct view_frame *frame)
{
        double top = highest(frame->sent_history), dropped = frame->sent_pps - frame->passed_pps;
        char figure[96], grouped[32], share[16];

        dropped = dropped > 0 ? dropped : 0;
        group(dropped, grouped);
        percent(frame, dropped, frame->sent_pps, share);
        snprintf(figure, sizeof(figure), "%s p/s  %s", grouped, share);
        bar_line(canvas, pick(frame, "attaque arrêtée", "attack dropped"), dropped / top, figure);
        group(frame->passed_pps, grouped);
        snprintf(figure, sizeof(figure), "%s p/s", grouped);
        bar_line(canvas, pick(frame, "attaque passée", "attack passed"), frame->passed_pps / top, figure);
        snprintf(figure, sizeof(figure), "%u / %u", frame->ok, frame->tried);
        bar_line(canvas, pick(frame, "visites servies", "visits served"),
                 frame->tried ? (double)frame->ok / frame->tried : 0, figure);
        curve(canvas, pick(frame, "arrive", "arrives"), frame->sent_history, top);
        curve(canvas, pick(frame, "passe", "passes"), frame->passed_history, top);
        put(canvas, "");
}

static void draw_countries(struct canvas *canvas, const struct view_frame *frame)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(1024);

        put(canvas, pick(frame, " Pays (arrêtés/s, passés/s, visites servies depuis le début de l’attaque)",
                         " Countries (dropped/s, passed/s, visits served since the attack began)"));
        for (unsigned i = 0; i < frame->country_count; i++) {
                const struct view_country *country = &frame->countries[i];

                buffer_format(&text, "  %s %7.0f %6.0f %4u/%-4u    ", country->code, country->dropped_pps,
                              country->passed_pps, country->ok, country->tried);
                if (i % 2 == 0 && i + 1 < frame->country_count)
                        continue;
                put(canvas, buffer_string(&text));
                buffer_consume(&text, text.length);
        }
        for (unsigned shown = (frame->country_count + 1) / 2 + 1; shown < COUNTRY_ROWS; shown++)
                put(canvas, "");
}

static const char *text_in(const struct view_frame *frame, const json_t *bitext)
{
        const char *text = json_string_value(json_object_get(bitext, frame->english ? "en" : "fr"));

        return text ? text : "";
}

static bool stands(const json_t *measure)
{
        const char *state = json_string_value(json_object_get(measure, "state"));

        return state && (!strcmp(state, "standing") || !strcmp(state, "probation"));
}

static unsigned standing_count(const json_t *measures)
{
        const json_t *measure;
        unsigned count = 0;
        size_t index;

        json_array_foreach(measures, index, measure) count += stands(measure);
        return count;
}

/* Packets it has dropped so far, as the edge counts them; the hub learns of them only at each change. */
static double dropped_by(const struct view_frame *frame, const json_t *measure)
{
        const char *id = json_string_value(json_object_get(measure, "id"));
        const json_t *service, *counters;
        size_t index;

        json_array_foreach(frame->services, index, service)
        {
                counters = id ? json_object_get(json_object_get(service, "measures"), id) : NULL;
                if (json_array_size(counters))
                        return json_number_value(json_array_get(counters, 0));
        }
        return json_number_value(json_object_get(measure, "dropped"));
}

/* The standing measure that dropped most, of those not shown yet; NULL when there is none left. */
static const json_t *next_measure(const struct view_frame *frame, const json_t *last)
{
        double limit = last ? dropped_by(frame, last) : INFINITY, most = -1;
        const json_t *measure, *best = NULL;
        bool behind = !last;
        size_t index;

        json_array_foreach(frame->measures, index, measure)
        {
                double dropped = dropped_by(frame, measure);

                /* Of equal ones the list's order decides. */
                if (stands(measure) && (dropped < limit || (behind && dropped <= limit)) && dropped > most) {
                        best = measure;
                        most = dropped;
                }
                behind = behind || measure == last;
        }
        return best;
}

static void draw_measures(struct canvas *canvas, const struct view_frame *frame, unsigned rows)
{
        unsigned count = standing_count(frame->measures), shown = 0;
        char text[1024], dropped[32];

        snprintf(text, sizeof(text), pick(frame, " Mesures en place : %u", " Measures standing: %u"), count);
        put(canvas, text);
        for (const json_t *measure = next_measure(frame, NULL); measure && shown < rows;
             measure = next_measure(frame, measure), shown++) {
                shorten(dropped_by(frame, measure), dropped);
                snprintf(text, sizeof(text), "  %-9s %-10s %7s  %s",
                         json_string_value(json_object_get(measure, "kind")),
                         json_string_value(json_object_get(measure, "subject")), dropped,
                         text_in(frame, json_object_get(measure, "why")));
                put(canvas, text);
        }
        for (; shown < rows; shown++)
                put(canvas, "");
}

/* "reste 71:59:02", "dû sans délai depuis 00:00:12". */
static void format_clock(const struct view_frame *frame, const json_t *obligation, char text[static 64])
{
        const char *due = json_string_value(json_object_get(obligation, "due"));
        const char *started = json_string_value(json_object_get(obligation, "clock_started"));
        int64_t at, seconds;

        if (due && time_parse(due, &at) == 0) {
                seconds = (at - frame->now_ms) / 1000;
                snprintf(text, 64, "%s %lld:%02lld:%02lld",
                         seconds < 0 ? pick(frame, "en retard de", "late by") : pick(frame, "reste", "left"),
                         (long long)llabs(seconds) / 3600, (long long)llabs(seconds) / 60 % 60,
                         (long long)llabs(seconds) % 60);
                return;
        }
        if (started && time_parse(started, &at) == 0) {
                seconds = (frame->now_ms - at) / 1000;
                snprintf(text, 64, "%s %lld:%02lld", pick(frame, "dû depuis", "due for"),
                         (long long)seconds / 60, (long long)seconds % 60);
                return;
        }
        snprintf(text, 64, "%s",
                 json_is_true(json_object_get(obligation, "without_delay"))
                         ? pick(frame, "sans délai", "without delay")
                         : pick(frame, "en attente", "waiting"));
}

static void draw_obligations(struct canvas *canvas, const struct view_frame *frame, unsigned rows)
{
        const json_t *incident, *obligation;
        size_t i, k;
        unsigned shown = 0;
        char text[512], clock[64];

        put(canvas, pick(frame, " Obligations qui courent", " Duties whose clock runs"));
        json_array_foreach(frame->incidents, i, incident)
        {
                json_array_foreach(json_object_get(incident, "obligations"), k, obligation)
                {
                        const char *state = json_string_value(json_object_get(obligation, "state"));

                        if (!state || strcmp(state, "due") != 0 || ++shown > rows)
                                continue;
                        format_clock(frame, obligation, clock);
                        snprintf(text, sizeof(text), "  %-22s %s", clock,
                                 text_in(frame, json_object_get(obligation, "title")));
                        put(canvas, text);
                }
        }
}

void view_draw(struct buffer *buffer, const struct view_frame *frame, unsigned columns, unsigned rows)
{
        struct canvas canvas = {.buffer = buffer, .columns = columns, .rows = rows};
        unsigned room = rows > HEAD_ROWS + COUNTRY_ROWS + 2 ? rows - HEAD_ROWS - COUNTRY_ROWS - 2 : 2;

        draw_head(&canvas, frame);
        draw_traffic(&canvas, frame);
        draw_countries(&canvas, frame);
        draw_measures(&canvas, frame, room - room / 2);
        draw_obligations(&canvas, frame, room / 2);
}

void view_line(struct buffer *buffer, const struct view_frame *frame)
{
        double dropped = frame->sent_pps - frame->passed_pps;
        char sent[32], share[16];

        group(frame->sent_pps, sent);
        percent(frame, dropped > 0 ? dropped : 0, frame->sent_pps, share);
        buffer_format(buffer, "%02u:%02u %s", frame->elapsed_s / 60, frame->elapsed_s % 60,
                      (frame->english ? phases_en : phases_fr)[frame->phase]);
        if (frame->sent_pps > 0)
                buffer_format(buffer,
                              frame->english ? ", attack %s p/s, %s dropped"
                                             : ", attaque %s p/s, arrêtée à %s",
                              sent, share);
        buffer_format(buffer,
                      frame->english ? ", visits %u/%u, measures %u\n" : ", visites %u/%u, mesures %u\n",
                      frame->ok, frame->tried, standing_count(frame->measures));
}

void view_open(struct view *view, FILE *out)
{
        const char *term = getenv("TERM");

        view->out = out;
        view->live = isatty(fileno(out)) && term && strcmp(term, "dumb") != 0;
        view->drawn = false;
        if (view->live)
                fputs("\033[?25l\033[2J", out);
}

void view_show(struct view *view, const struct view_frame *frame)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(TEXT_MAX);
        struct winsize size = {.ws_row = 24, .ws_col = 80};

        if (!view->live) {
                view_line(&text, frame);
                fputs(buffer_string(&text), view->out);
                fflush(view->out);
                return;
        }
        if (ioctl(fileno(view->out), TIOCGWINSZ, &size) < 0 || !size.ws_col || !size.ws_row)
                size = (struct winsize){.ws_row = 24, .ws_col = 80};
        size.ws_col = size.ws_col > COLUMNS_MAX   ? COLUMNS_MAX
                      : size.ws_col < COLUMNS_MIN ? COLUMNS_MIN
                                                  : size.ws_col;
        view_draw(&text, frame, size.ws_col, size.ws_row - 1u);
        fputs("\033[H", view->out);
        for (const char *at = buffer_string(&text); *at;) {
                size_t length = strcspn(at, "\n");

                fwrite(at, 1, length, view->out);
                fputs("\033[K\n", view->out);
                at += length + (at[length] == '\n');
        }
        fputs("\033[J", view->out);
        fflush(view->out);
        view->drawn = true;
}

void view_close(struct view *view)
{
        if (view->out && view->live)
                fputs("\033[?25h", view->out);
        if (view->out)
                fflush(view->out);
        view->live = false;
}
