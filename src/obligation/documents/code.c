/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/code.h"

#include <qrencode.h>

#include "base/cleanup.h"

static void qr_free(QRcode **code)
{
        if (*code)
                QRcode_free(*code);
}

/* Dark modules side by side are one rectangle: no hairlines between them, and a smaller file. */
static void row_draw(cairo_t *cairo, const unsigned char *row, int width, double left, double top,
                     double module)
{
        for (int x = 0; x < width; x++) {
                int run = 0;

                while (x + run < width && row[x + run] & 1)
                        run++;
                if (run)
                        cairo_rectangle(cairo, left + x * module, top, run * module, module);
                x += run;
        }
}

void code_draw(cairo_t *cairo, const char *text, double left, double top, double size)
{
        CLEANUP(qr_free) QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
        double module;

        if (!code)
                return;
        module = size / code->width;
        cairo_set_source_rgb(cairo, 0, 0, 0);
        for (int y = 0; y < code->width; y++)
                row_draw(cairo, code->data + (size_t)y * (size_t)code->width, code->width, left,
                         top + y * module, module);
        cairo_fill(cairo);
}
