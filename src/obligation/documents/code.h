/* SPDX-License-Identifier: EUPL-1.2 */
/* A QR code (ISO/IEC 18004) drawn with rectangles: what a telephone reads off a sheet of paper. */
#pragma once

#include <cairo.h>

/* Error correction M. The quiet zone round it is the caller's. Nothing is drawn when the text is too long for a code. */
void code_draw(cairo_t *cairo, const char *text, double left, double top, double size);
