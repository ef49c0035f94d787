/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/html.h"

void html_text(struct buffer *out, const char *text)
{
        for (; *text; text++) {
                switch (*text) {
                case '<':
                        buffer_text(out, "&lt;");
                        break;
                case '>':
                        buffer_text(out, "&gt;");
                        break;
                case '&':
                        buffer_text(out, "&amp;");
                        break;
                case '"':
                        buffer_text(out, "&quot;");
                        break;
                case '\n':
                        buffer_text(out, "<br>");
                        break;
                default:
                        buffer_append(out, text, 1);
                }
        }
}
