/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/prior.h"

#include <math.h>

#include "edge/signature.h"

struct span {
        bool said;
        uint64_t low, high;
};

static struct span span_of(const struct shield_signature *signature, enum signature_facet facet)
{
        struct span span = {0};

        span.said = signature_says(signature, facet, &span.low, &span.high);
        return span;
}

static bool is(const struct span *span, uint64_t value)
{
        return span->said && span->low == value && span->high == value;
}

/* An exact value counts `exact`, a range its part of `width`, but no less than that. */
static double width_part(const struct span *span, double exact, double width)
{
        if (!span->said)
                return 1;
        return fmin(1, fmax(exact, ((double)span->high - (double)span->low) / width));
}

/* Nobody's first packet to a service is of these kinds; losing them all is bearable while a flood lasts. */
static double class_part(const struct shield_signature *signature)
{
        struct span class_ = span_of(signature, SIGNATURE_CLASS);

        if (!class_.said || is(&class_, SHIELD_CLASS_SYN) || is(&class_, SHIELD_CLASS_TCP) ||
            is(&class_, SHIELD_CLASS_UDP))
                return 1;
        return 0.02;
}

static double ports_part(const struct shield_signature *signature, bool udp)
{
        struct span source = span_of(signature, SIGNATURE_SOURCE_PORT);
        struct span served = span_of(signature, SIGNATURE_SERVED);
        struct span low = span_of(signature, SIGNATURE_LOW_SOURCE_PORT);
        double part = width_part(&source, source.said && source.high < 1024 ? 0.01 : 0.002, 65536);

        if (is(&served, 0))
                part *= 0.005;
        if (is(&low, 1) && (!source.said || source.high >= 1024))
                part *= udp ? 0.1 : 0.02;
        return part;
}

static double syn_window_part(uint64_t window)
{
        if (window == 0)
                return 0.005;
        return window == 64240 || window == 65535 ? 0.5 : 0.1;
}

static double syn_options_part(uint64_t options)
{
        if (options == 0)
                return 0.5;
        return options >> 16 == 0x0204 ? 0.6 : 0.05;
}

/* A connection request. */
static double syn_part(const struct shield_signature *signature)
{
        struct span window = span_of(signature, SIGNATURE_WINDOW);
        struct span words = span_of(signature, SIGNATURE_HEADER_WORDS);
        struct span options = span_of(signature, SIGNATURE_OPTIONS);
        struct span first = span_of(signature, SIGNATURE_OPTIONS1);
        struct span flags = span_of(signature, SIGNATURE_TCP_FLAGS);
        double part = window.said ? syn_window_part(window.low) : 1;

        if (words.said)
                part *= words.low <= 5 ? 0.01 : 0.6;
        if (options.said)
                part *= syn_options_part(options.low);
        if (first.said)
                part *= first.low != 2 ? 0.05 : 0.7;
        if (flags.said)
                part *= flags.low == 2 ? 1 : 0.05;
        return part;
}

static double flags_part(uint64_t flags)
{
        if (flags == 16 || flags == 24)
                return 0.6;
        return flags == 17 ? 0.2 : 0.005;
}

/* Any other TCP packet. */
static double segment_part(const struct shield_signature *signature)
{
        struct span words = span_of(signature, SIGNATURE_HEADER_WORDS);
        struct span flags = span_of(signature, SIGNATURE_TCP_FLAGS);
        double part = span_of(signature, SIGNATURE_WINDOW).said ? 0.2 : 1;

        if (words.said)
                part *= words.low < 5 ? 0.001 : 0.6;
        if (span_of(signature, SIGNATURE_OPTIONS).said)
                part *= 0.5;
        if (span_of(signature, SIGNATURE_OPTIONS1).said)
                part *= 0.7;
        return flags.said ? part * flags_part(flags.low) : part;
}

static double tcp_part(const struct shield_signature *signature, bool syn)
{
        return syn ? syn_part(signature) : segment_part(signature);
}

static double content_part(const struct shield_signature *signature, bool udp)
{
        static const double shares[] = {0.3, 0.2, 0.1, 0.05};
        struct span empty = span_of(signature, SIGNATURE_EMPTY);
        struct span class_ = span_of(signature, SIGNATURE_CLASS);
        double part = 1;

        for (enum signature_facet n = SIGNATURE_PAYLOAD1; n <= SIGNATURE_PAYLOAD8; n++)
                if (span_of(signature, n).said)
                        part *= shares[n - SIGNATURE_PAYLOAD1];
        if (udp && is(&empty, 1))
                part *= 0.02;
        if (is(&class_, SHIELD_CLASS_SYN) && is(&empty, 0))
                part *= 0.01;
        return part;
}

static double network_part(const struct shield_signature *signature, bool syn)
{
        struct span ttl = span_of(signature, SIGNATURE_TTL);
        struct span length = span_of(signature, SIGNATURE_LENGTH);
        struct span country = span_of(signature, SIGNATURE_COUNTRY);
        struct span id = span_of(signature, SIGNATURE_IP_ID);
        struct span dont = span_of(signature, SIGNATURE_DONT_FRAGMENT);
        struct span fragment = span_of(signature, SIGNATURE_FRAGMENT);
        struct span options = span_of(signature, SIGNATURE_IP_OPTIONS);
        struct span ipv6 = span_of(signature, SIGNATURE_IPV6);
        double part = width_part(&ttl, 0.1, 80) * width_part(&length, syn ? 0.5 : 0.15, 1000);

        /* Above any usual start of 64 or 128 less a long way: routers and a few stacks alone. */
        if (ttl.said && ttl.low >= 129)
                part *= 0.2;
        if (country.said)
                part *= 0.3;
        if (id.said)
                part *= id.low == 0 ? 0.3 : 0.005;
        if (dont.said)
                part *= dont.low ? 1 : 0.3;
        if (is(&fragment, 1))
                part *= 0.05;
        if (is(&options, 1) && !is(&ipv6, 1))
                part *= 0.01;
        return part;
}

double prior_fraction(const struct shield_signature *signature)
{
        struct span class_ = span_of(signature, SIGNATURE_CLASS);
        struct span protocol = span_of(signature, SIGNATURE_PROTOCOL);
        bool syn = is(&class_, SHIELD_CLASS_SYN);
        bool udp = is(&class_, SHIELD_CLASS_UDP) || is(&protocol, 17);

        return class_part(signature) * ports_part(signature, udp) * tcp_part(signature, syn) *
               content_part(signature, udp) * network_part(signature, syn);
}
