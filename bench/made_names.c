/* SPDX-License-Identifier: EUPL-1.2 */
#include "made_names.h"

#include <stdio.h>

#include "base/cleanup.h"

static const char *const words[] = {
        "covid",     "corona",   "vaccin",    "masque",  "sante",   "ameli",   "remboursement", "impots",
        "gouv",      "colis",    "livraison", "suivi",   "banque",  "client",  "espace",        "secure",
        "login",     "verify",   "account",   "update",  "support", "service", "info",          "alerte",
        "hopital",   "clinique", "mutuelle",  "pharma",  "test",    "map",     "tracker",       "relief",
        "fund",      "mask",     "kit",       "cure",    "market",  "shop",    "store",         "online",
        "cloud",     "office",   "mail",      "webmail", "portal",  "news",    "live",          "stats",
        "dashboard", "symptome", "urgence",   "don",     "aide",    "prime",
};
static const char *const tops[] = {"com", "com",  "com",    "com", "net",   "org",  "fr",   "info", "xyz",
                                   "top", "site", "online", "ru",  "co.uk", "club", "live", "shop", "icu"};
static const char *const hosters[] = {"weebly.example", "hosting.example", "pages.example",
                                      "sites.cloud.example"};

/* splitmix64 (Steele, Lea, Flood, 2014). */
static uint64_t mix(uint64_t number)
{
        number += 0x9e3779b97f4a7c15ULL;
        number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9ULL;
        number = (number ^ number >> 27) * 0x94d049bb133111ebULL;
        return number ^ number >> 31;
}

/* Letters of base 26, the rarest last; different numbers, different letters. */
static void spell(uint64_t number, unsigned least, char to[static 16])
{
        unsigned at = 0;

        while ((number > 0 || at < least) && at < 15) {
                to[at++] = (char)('a' + number % 26);
                number /= 26;
        }
        to[at] = '\0';
}

size_t made_name(uint64_t number, char ret_text[static MADE_NAME_SIZE])
{
        uint64_t dice = mix(number);
        const char *one = words[dice % ARRAY_LEN(words)], *two = words[(dice >> 8) % ARRAY_LEN(words)];
        const char *top = tops[(dice >> 16) % ARRAY_LEN(tops)];
        const char *hoster = hosters[(dice >> 24) % ARRAY_LEN(hosters)];
        char letters[16];
        int length;

        spell(number, 4, letters);
        switch ((dice >> 32) % 10) {
        case 0 ... 2:
                length = snprintf(ret_text, MADE_NAME_SIZE, "%s-%s-%s.%s", one, two, letters, top);
                break;
        case 3 ... 4:
                length = snprintf(ret_text, MADE_NAME_SIZE, "%s%s%llu.%s", one, two,
                                  (unsigned long long)number, top);
                break;
        case 5:
                length = snprintf(ret_text, MADE_NAME_SIZE, "%s-%s.%s", one, letters, hoster);
                break;
        case 6 ... 7:
                spell((number << 20) | (dice & 0xfffff), 11, letters);
                length = snprintf(ret_text, MADE_NAME_SIZE, "%s.%s", letters, top);
                break;
        case 8:
                length = snprintf(ret_text, MADE_NAME_SIZE, "www.%s%s.%s", one, letters, top);
                break;
        default:
                length = snprintf(ret_text, MADE_NAME_SIZE, "%s.%s.%s-%s.%s", two, one, letters, two, top);
                break;
        }
        return (size_t)length;
}
