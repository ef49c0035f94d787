/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "edge/condition.h"
#include "edge/prior.h"
#include "edge/signature.h"

#define BEAM            8
#define DEPTH           5
#define PRIOR_ROWS      50.0 /* rows of common sense beside those of the baseline */
#define ROWS_LEAST      5    /* fewer rows of the attack prove no shape */
#define NARROW_ROWS     64   /* so many rows must agree before one more condition is free */
#define NARROW_MOST     3
#define CHALLENGED_PART 0.02 /* newcomers who do not prove themselves first when a challenge stands */
#define LEAST_ROWS      8 /* a shape is worth a place when it is about so many rows of those that are left */
#define EVICT_GAIN      2.0 /* a standing signature gives way to one that catches so many times more */
#define RANK_COST       0.6 /* how cost weighs against gain while a conjunction grows */

/* Measured. Listing conditions sorts the attack's rows by every facet and holds each condition against all rows. */
#define EFFORT_LIST(attack, base) (20 * (attack) + 4 * (base))
#define EFFORT_NODE(attack)       (4 + (attack) / 128) /* one conjunction */
#define EFFORT_MATCHES            10                   /* so many rows held against a signature in a unit */
#define EFFORT_NODES              (CONDITIONS_MAX * (1 + BEAM * (DEPTH - 1)))

_Static_assert(EFFORT_LIST(CONDITION_ROWS, CONDITION_BASE) + EFFORT_NODES * EFFORT_NODE(CONDITION_ROWS) <=
                       ANSWER_EFFORT_LEAST,
               "one class can be searched to its end");

/* A conjunction under way. */
struct node {
        struct shield_signature signature;
        struct condition_bits bits;
        uint64_t facets; /* spoken of */
        double gain;     /* packets/s of the attack */
        size_t rows;
        struct baseline_cost cost;
        double rank;
        bool allowed;
};

struct field {
        const struct answer_question *question;
        enum shield_class class_;
        struct condition_rows rows;
        size_t unknown_base; /* of rows.base; known ones follow */
        uint64_t newcomers[CONDITION_BASE / 64];
        size_t newcomer_count;
        double total_normal;
        struct condition conditions[CONDITIONS_MAX];
        size_t condition_count;
        struct node beam[BEAM], next[BEAM];
};

/* false when there is no more, which is noted. */
static bool effort_spend(const struct answer_question *question, size_t amount)
{
        struct answer_effort *effort = question->effort;

        if (!effort)
                return true;
        if (effort->left < amount) {
                effort->left = 0;
                effort->cut = true;
                return false;
        }
        effort->left -= (unsigned)amount;
        return true;
}

static size_t bits_count(const uint64_t *bits, size_t from, size_t to)
{
        size_t count = 0;

        for (size_t n = from / 64; n * 64 < to; n++) {
                uint64_t word = bits[n];

                if (n == from / 64)
                        word &= UINT64_MAX << (from % 64);
                if (to - n * 64 < 64)
                        word &= (1ull << (to - n * 64)) - 1;
                count += (size_t)__builtin_popcountll(word);
        }
        return count;
}

static double smoothed(double matched, double rows, double prior)
{
        return (matched + PRIOR_ROWS * prior) / (rows + PRIOR_ROWS);
}

static double challenged_part(const struct answer_question *question, enum shield_class class_)
{
        return question->challenged && class_ == SHIELD_CLASS_TCP ? CHALLENGED_PART : 1;
}

/* A proof of the challenge is a RST to a served port: nothing may eat it. */
static bool eats_proofs(const struct answer_question *question, const struct shield_signature *signature)
{
        uint64_t low, high;

        if (!question->challenged || (signature_speaks(signature, SIGNATURE_SERVED, &low, &high) && !low))
                return false;
        if (signature_speaks(signature, SIGNATURE_CLASS, &low, &high))
                return low == SHIELD_CLASS_RST;
        return !signature_speaks(signature, SIGNATURE_PROTOCOL, &low, &high) || low == 6;
}

static bool cost_allowed(const struct answer_question *question, const struct shield_signature *signature,
                         const struct baseline_cost *cost)
{
        return cost->fraction <= question->cost_max && cost->newcomers <= question->newcomers_max &&
               !eats_proofs(question, signature);
}

static void node_cost(const struct field *field, struct node *node)
{
        const struct baseline *baseline = field->question->baseline;
        size_t known = field->rows.base_count - field->unknown_base;
        uint64_t newcomers[CONDITION_BASE / 64];
        double part = challenged_part(field->question, field->class_);

        node->cost = (struct baseline_cost){.rows = field->rows.base_count};
        if (field->unknown_base)
                node->cost.packets_per_s += part * baseline_rate(baseline, field->class_, false) *
                                            (double)bits_count(node->bits.base, 0, field->unknown_base) /
                                            (double)field->unknown_base;
        if (known)
                node->cost.packets_per_s +=
                        baseline_rate(baseline, field->class_, true) *
                        (double)bits_count(node->bits.base, field->unknown_base, field->rows.base_count) /
                        (double)known;
        if (field->total_normal > 0)
                node->cost.fraction = fmin(1, node->cost.packets_per_s / field->total_normal);
        for (size_t n = 0; n < CONDITION_BASE / 64; n++)
                newcomers[n] = node->bits.base[n] & field->newcomers[n];
        node->cost.newcomers =
                part * smoothed((double)bits_count(newcomers, 0, field->unknown_base),
                                (double)field->newcomer_count, prior_fraction(&node->signature));
}

static void node_weigh(const struct field *field, struct node *node)
{
        const struct answer_question *question = field->question;

        node->gain = 0;
        node->rows = 0;
        for (size_t word = 0; word * 64 < field->rows.attack_count; word++) {
                for (uint64_t bits = node->bits.attack[word]; bits; bits &= bits - 1) {
                        size_t row = word * 64 + (size_t)__builtin_ctzll(bits);

                        if (row >= field->rows.attack_count || field->rows.pps[row] <= 0)
                                continue;
                        node->gain += field->rows.pps[row];
                        node->rows++;
                }
        }
        node_cost(field, node);
        double over = fmax(1, fmax(node->cost.fraction / question->cost_max,
                                   node->cost.newcomers / question->newcomers_max));
        node->rank = log(fmax(node->gain, 1e-9)) - RANK_COST * log(over);
        node->allowed = node->rows >= ROWS_LEAST && node->gain > 2 * node->cost.packets_per_s &&
                        cost_allowed(question, &node->signature, &node->cost);
}

static struct node node_root(const struct field *field)
{
        struct node node = {.signature = signature_any()};
        uint64_t low, high;

        memset(&node.bits, 0xff, sizeof(node.bits));
        signature_require(&node.signature, SIGNATURE_CLASS, field->class_, field->class_);
        if (field->class_ <= SHIELD_CLASS_RST)
                signature_require(&node.signature, SIGNATURE_PROTOCOL, 6, 6);
        else if (field->class_ == SHIELD_CLASS_UDP)
                signature_require(&node.signature, SIGNATURE_PROTOCOL, 17, 17);
        for (enum signature_facet n = 0; n < SIGNATURE_FACET_COUNT; n++)
                if (signature_speaks(&node.signature, n, &low, &high))
                        node.facets |= 1ull << n;
        node_weigh(field, &node);
        return node;
}

static struct node node_and(const struct field *field, const struct node *node,
                            const struct condition *condition)
{
        struct node grown = *node;

        signature_require(&grown.signature, condition->facet, condition->low, condition->high);
        grown.facets |= 1ull << condition->facet;
        for (size_t n = 0; n < CONDITION_ROWS / 64; n++)
                grown.bits.attack[n] &= condition->bits.attack[n];
        for (size_t n = 0; n < CONDITION_BASE / 64; n++)
                grown.bits.base[n] &= condition->bits.base[n];
        node_weigh(field, &grown);
        return grown;
}

static void beam_keep(struct node *beam, size_t *count, const struct node *node)
{
        size_t worst = 0;

        for (size_t n = 0; n < *count; n++) {
                if (!memcmp(&beam[n].bits, &node->bits, sizeof(node->bits)))
                        return; /* the same packets by another name */
                if (beam[n].rank < beam[worst].rank)
                        worst = n;
        }
        if (*count < BEAM)
                beam[(*count)++] = *node;
        else if (beam[worst].rank < node->rank)
                beam[worst] = *node;
}

/* More is better, and each condition must earn a hundredth. */
static double node_worth(const struct node *node)
{
        return (node->gain - node->cost.packets_per_s) * (1 - 0.01 * signature_conditions(&node->signature));
}

static void best_keep(struct node *best, const struct node *node)
{
        if (node->allowed && (!best->allowed || node_worth(node) > node_worth(best)))
                *best = *node;
}

static size_t beam_grow(struct field *field, size_t count, struct node *best)
{
        size_t grown_count = 0;

        for (size_t n = 0; n < count; n++) {
                for (size_t c = 0; c < field->condition_count; c++) {
                        if (field->beam[n].facets >> field->conditions[c].facet & 1)
                                continue;
                        if (!effort_spend(field->question, EFFORT_NODE(field->rows.attack_count)))
                                return 0;
                        struct node grown = node_and(field, &field->beam[n], &field->conditions[c]);

                        best_keep(best, &grown);
                        if (!grown.allowed && grown.rows >= ROWS_LEAST)
                                beam_keep(field->next, &grown_count, &grown);
                }
        }
        memcpy(field->beam, field->next, grown_count * sizeof(*field->next));
        return grown_count;
}

/* Drops those that cannot beat what is found already, however they grow. */
static size_t beam_prune(struct field *field, size_t count, const struct node *best)
{
        size_t kept = 0;

        for (size_t n = 0; n < count; n++)
                if (!best->allowed || field->beam[n].gain * 0.97 > node_worth(best))
                        field->beam[kept++] = field->beam[n];
        return kept;
}

static struct node field_search(struct field *field)
{
        struct node best = {0};
        size_t count = 1;

        if (!effort_spend(field->question, EFFORT_LIST(field->rows.attack_count, field->rows.base_count)))
                return best;
        field->condition_count = condition_list(&field->rows, field->conditions);
        field->beam[0] = node_root(field);
        best_keep(&best, &field->beam[0]);
        for (unsigned depth = 0; depth < DEPTH && count; depth++) {
                count = beam_prune(field, count, &best);
                count = beam_grow(field, count, &best);
        }
        return best;
}

static void field_base(struct field *field, bool known)
{
        const struct shield_features *rows;
        size_t count = baseline_rows(field->question->baseline, field->class_, known, &rows);

        for (size_t n = 0; n < count && field->rows.base_count < CONDITION_BASE; n++) {
                size_t place = field->rows.base_count++;

                field->rows.base[place] = &rows[n];
                if (known || !baseline_newcomer(&rows[n]))
                        continue;
                bits_set(field->newcomers, place);
                field->newcomer_count++;
        }
}

static void field_fill(struct field *field, const struct answer_question *question, const double *pps,
                       enum shield_class class_)
{
        memset(field, 0, offsetof(struct field, conditions));
        field->question = question;
        field->class_ = class_;
        field->total_normal = baseline_total(question->baseline);
        for (size_t n = 0; n < question->row_count && field->rows.attack_count < CONDITION_ROWS; n++) {
                if (question->rows[n].features->class_ != class_ || pps[n] <= 0)
                        continue;
                field->rows.attack[field->rows.attack_count] = question->rows[n].features;
                field->rows.pps[field->rows.attack_count++] = pps[n];
        }
        field_base(field, false);
        field->unknown_base = field->rows.base_count;
        if (!question->spare_known)
                field_base(field, true);
}

/* One more condition when every packet it matches shares the value: nothing is lost, strangers are spared. */
static void narrow(struct node *node, const struct field *field)
{
        static const enum signature_facet order[] = {
                SIGNATURE_SOURCE_PORT, SIGNATURE_PAYLOAD4, SIGNATURE_DEST_PORT,   SIGNATURE_TCP_FLAGS,
                SIGNATURE_WINDOW,      SIGNATURE_LENGTH,   SIGNATURE_HEADER_WORDS};
        unsigned added = 0;

        for (size_t n = 0; n < ARRAY_LEN(order) && added < NARROW_MOST; n++) {
                const struct shield_features *first = NULL;
                bool shared = node->rows >= NARROW_ROWS && !(node->facets >> order[n] & 1);

                for (size_t row = 0; shared && row < field->rows.attack_count; row++) {
                        const struct shield_features *features = field->rows.attack[row];

                        if (!(node->bits.attack[row / 64] >> (row % 64) & 1))
                                continue;
                        first = first ? first : features;
                        shared = signature_facet_applies(order[n], features) &&
                                 signature_facet_value(order[n], features) ==
                                         signature_facet_value(order[n], first);
                }
                if (!shared || !first)
                        continue;
                uint64_t value = signature_facet_value(order[n], first);
                signature_require(&node->signature, order[n], value, value);
                node->facets |= 1ull << order[n];
                added++;
        }
}

/* Of signature_cost(): one reservoir of rows, or those of every class. */
static size_t cost_effort(const struct answer_question *question, const struct shield_signature *signature)
{
        size_t reservoirs = question->spare_known ? 1 : 2;
        uint64_t low, high;

        if (!signature_speaks(signature, SIGNATURE_CLASS, &low, &high))
                reservoirs *= SHIELD_CLASS_COUNT;
        return reservoirs * BASELINE_ROWS / EFFORT_MATCHES;
}

static struct baseline_cost signature_cost(const struct answer_question *question,
                                           const struct shield_signature *signature)
{
        struct baseline_cost cost = baseline_cost(question->baseline, signature, question->spare_known);
        uint64_t low = SHIELD_CLASS_COUNT, high;

        signature_speaks(signature, SIGNATURE_CLASS, &low, &high);
        double part = challenged_part(question, (enum shield_class)low);
        cost.packets_per_s *= part;
        cost.fraction *= part;
        cost.newcomers = part * smoothed(cost.newcomers * (double)cost.newcomer_rows,
                                         (double)cost.newcomer_rows, prior_fraction(signature));
        return cost;
}

static struct answer_proposal proposal_of(const struct answer_question *question,
                                          const struct shield_signature *signature)
{
        struct answer_proposal proposal = {.kind = SHIELD_KIND_SIGNATURE, .signature = *signature};

        for (size_t n = 0; n < question->row_count; n++)
                if (signature_match(signature, question->rows[n].features))
                        proposal.matched_pps += question->rows[n].pps;
        if (question->load_pps > 0)
                proposal.share = fmin(1, proposal.matched_pps / question->load_pps);
        proposal.cost = signature_cost(question, signature);
        for (size_t n = 0; n < question->standing_count && n < 32; n++)
                if (signature_covers(signature, &question->standing[n].signature))
                        proposal.replaces |= 1u << n;
        return proposal;
}

static bool stands_already(const struct answer_question *question, const struct shield_signature *signature)
{
        for (size_t n = 0; n < question->standing_count; n++)
                if (signature_covers(&question->standing[n].signature, signature))
                        return true;
        for (size_t n = 0; n < question->forbidden_count; n++)
                if (signature_covers(&question->forbidden[n], signature) ||
                    signature_covers(signature, &question->forbidden[n]))
                        return true;
        return false;
}

/* A search that ran to its end and found nothing need not be run again before the others were. */
static void searched_note(const struct answer_question *question, enum shield_class class_)
{
        if (question->effort && !question->effort->cut)
                question->effort->searched |= 1u << class_;
}

static bool searched_before(const struct answer_question *question, enum shield_class class_)
{
        return question->effort && question->effort->searched >> class_ & 1;
}

/* The best signature of any class on what is left. */
static bool best_of_classes(struct field *field, const struct answer_question *question, const double *pps,
                            double least, struct shield_signature *ret_signature)
{
        bool classes[SHIELD_CLASS_COUNT] = {0};
        double by_class[SHIELD_CLASS_COUNT] = {0}, best_worth = 0;

        for (size_t n = 0; n < question->row_count; n++)
                by_class[question->rows[n].features->class_ % SHIELD_CLASS_COUNT] += pps[n];
        for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                classes[n] = searched_before(question, n);
        for (enum shield_class round = 0; round < SHIELD_CLASS_COUNT; round++) {
                enum shield_class most = 0;

                for (enum shield_class n = 0; n < SHIELD_CLASS_COUNT; n++)
                        if (classes[most] || (!classes[n] && by_class[n] > by_class[most]))
                                most = n;
                if (classes[most])
                        break; /* none is left */
                classes[most] = true;
                if (by_class[most] < least || by_class[most] <= best_worth)
                        break; /* the others are smaller still */
                field_fill(field, question, pps, most);
                struct node best = field_search(field);

                if (!best.allowed || best.gain < least)
                        searched_note(question, most);
                if (!best.allowed || best.gain < least || node_worth(&best) <= best_worth)
                        continue;
                best_worth = node_worth(&best);
                narrow(&best, field);
                *ret_signature = best.signature;
        }
        return best_worth > 0;
}

static double take_away(const struct answer_question *question, const struct shield_signature *signature,
                        double *pps)
{
        double rest = 0;

        for (size_t n = 0; n < question->row_count; n++) {
                if (signature_match(signature, question->rows[n].features))
                        pps[n] = 0;
                rest += pps[n];
        }
        return rest;
}

/* The cheapest common cover of two that was found so far. */
struct merger {
        struct answer_proposal best; /* no kind: none yet */
        size_t a, b;
};

static bool speaks_of_protocol(const struct shield_signature *signature)
{
        uint64_t low, high;

        return signature_speaks(signature, SIGNATURE_PROTOCOL, &low, &high) ||
               signature_speaks(signature, SIGNATURE_CLASS, &low, &high);
}

/* Weighs one pair. false: the tick's effort is spent. */
static bool merger_weigh(const struct answer_question *question, const struct answer_proposal *proposals,
                         size_t count, size_t a, size_t b, struct merger *merger)
{
        const struct shield_signature *other =
                b < count ? &proposals[b].signature : &question->standing[b - count].signature;
        struct shield_signature both = signature_general(&proposals[a].signature, other);

        if (b >= count && proposals[a].replaces >> (b - count) & 1)
                return true; /* gives way already: nothing would be won, for ever */
        if (!speaks_of_protocol(&both))
                return true;
        if (!effort_spend(question, cost_effort(question, &both)))
                return false;
        struct baseline_cost cost = signature_cost(question, &both);
        if (!cost_allowed(question, &both, &cost) ||
            (merger->best.kind != SHIELD_KIND_NONE && cost.fraction >= merger->best.cost.fraction))
                return true;
        *merger = (struct merger){.best = proposal_of(question, &both), .a = a, .b = b};
        return true;
}

/* Finds the cheapest pair whose common cover is allowed; standing ones take part. false: none. */
static bool merge_once(const struct answer_question *question, struct answer_proposal *proposals,
                       size_t *count)
{
        size_t pool = *count + question->standing_count;
        struct merger merger = {.best = {.kind = SHIELD_KIND_NONE}};

        for (size_t a = 0; a < *count; a++)
                for (size_t b = a + 1; b < pool; b++)
                        if (!merger_weigh(question, proposals, *count, a, b, &merger))
                                return false;
        const struct answer_proposal best = merger.best;
        size_t best_a = merger.a, best_b = merger.b;
        if (best.kind == SHIELD_KIND_NONE)
                return false;
        proposals[best_a] = best;
        if (best_b < *count)
                proposals[best_b] = proposals[--*count];
        /* Others it covers by the way are no longer needed. */
        for (size_t n = 0; n < *count;) {
                bool covered = n != best_a && signature_covers(&best.signature, &proposals[n].signature);

                if (!covered) {
                        n++;
                        continue;
                }
                if (best_a == *count - 1)
                        best_a = n;
                proposals[n] = proposals[--*count];
        }
        return true;
}

static size_t places_needed(const struct answer_proposal *proposals, size_t count)
{
        uint32_t replaced = 0;

        for (size_t n = 0; n < count; n++)
                replaced |= proposals[n].replaces;
        size_t freed = (size_t)__builtin_popcount(replaced);
        return count > freed ? count - freed : 0;
}

/* Full: the standing signature that catches least gives way to a much better one. */
static bool evict_once(const struct answer_question *question, struct answer_proposal *proposals,
                       size_t count)
{
        uint32_t replaced = 0;
        size_t weakest = question->standing_count;

        for (size_t n = 0; n < count; n++)
                replaced |= proposals[n].replaces;
        for (size_t n = 0; n < question->standing_count && n < 32; n++)
                if (!(replaced >> n & 1) &&
                    (weakest == question->standing_count ||
                     question->standing[n].matched_pps < question->standing[weakest].matched_pps))
                        weakest = n;
        if (weakest == question->standing_count ||
            proposals[count - 1].matched_pps < EVICT_GAIN * question->standing[weakest].matched_pps)
                return false;
        proposals[count - 1].replaces |= 1u << weakest;
        return true;
}

static int proposal_order(const void *a, const void *b)
{
        double left = ((const struct answer_proposal *)a)->matched_pps;
        double right = ((const struct answer_proposal *)b)->matched_pps;

        return left > right ? -1 : left < right;
}

size_t answer_signatures(const struct answer_question *question, struct answer_proposal *ret_proposals,
                         size_t cap, double *ret_rest)
{
        CLEANUP(cleanup_free) struct field *field = malloc(sizeof(*field));
        CLEANUP(cleanup_free) double *pps = calloc(question->row_count + 1, sizeof(*pps));
        double rest = question->load_pps;
        double least =
                fmax(question->fit_pps / 4,
                     question->load_pps * fmax(0.002, LEAST_ROWS / fmax(1, (double)question->row_count)));
        size_t count = 0;

        *ret_rest = rest;
        if (!field || !pps)
                return 0;
        for (size_t n = 0; n < question->row_count; n++)
                pps[n] = question->rows[n].pps;
        while (count < cap && rest > question->fit_pps) {
                struct shield_signature signature;

                if (!best_of_classes(field, question, pps, least, &signature) ||
                    !effort_spend(question,
                                  cost_effort(question, &signature) + question->row_count / EFFORT_MATCHES))
                        break;
                rest = take_away(question, &signature, pps);
                if (!stands_already(question, &signature))
                        ret_proposals[count++] = proposal_of(question, &signature);
        }
        while (places_needed(ret_proposals, count) > question->slots_free &&
               merge_once(question, ret_proposals, &count))
                ;
        qsort(ret_proposals, count, sizeof(*ret_proposals), proposal_order);
        while (count && places_needed(ret_proposals, count) > question->slots_free)
                if (!evict_once(question, ret_proposals, count))
                        rest += ret_proposals[--count].matched_pps;
        *ret_rest = rest;
        return count;
}
