/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fills the form of an obligation (obligation/form.h) from the incident, the rule, the structure's own data and the
 * measures. Pure. What is not known says so; what the structure's configuration leaves empty counts as not asked.
 *
 * A rule's field names a fact of the catalogue or one of FORM_SOURCES below.
 */
#pragma once

#include "base/clock.h"
#include "flow/catalogue.h"
#include "flow/incident.h"
#include "flow/measure.h"
#include "flow/obligation.h"
#include "obligation/form.h"
#include "obligation/phase.h"
#include "obligation/rule.h"

/* From the configuration, by way of struct house. */
#define FORM_HOUSE_SOURCES(X)                                                                                \
        X("structure.name", structure_name, "Nom de la structure", "Name of the structure")                  \
        X("structure.finess", structure_finess, "Numéro FINESS", "FINESS number")                            \
        X("structure.address", structure_address, "Adresse", "Address")                                      \
        X("structure.activity", structure_activity, "Type de structure", "Kind of structure")                \
        X("declarant.name", declarant_name, "Nom du déclarant", "Name of the declarant")                     \
        X("declarant.role", declarant_role, "Fonction", "Position")                                          \
        X("declarant.phone", declarant_phone, "Téléphone", "Telephone")                                      \
        X("declarant.mail", declarant_mail, "Adresse électronique", "E-mail address")                        \
        X("dpo.name", dpo_name, "Délégué à la protection des données", "Data protection officer")            \
        X("dpo.phone", dpo_phone, "Téléphone du délégué", "Telephone of the officer")                        \
        X("dpo.mail", dpo_mail, "Adresse électronique du délégué", "E-mail address of the officer")

#define HOUSE_FIELD(name, field, fr, en) const char *field;
/* The structure that declares. Borrowed texts; NULL or "" where the configuration says nothing. */
struct house {
        FORM_HOUSE_SOURCES(HOUSE_FIELD)
};

/* Worked out from the incident, the obligation and the measures. */
#define FORM_DERIVED_SOURCES(X)                                                                              \
        X("incident.id", "Référence interne de l’incident", "Internal reference of the incident")            \
        X("incident.title", "Intitulé", "Title")                                                             \
        X("incident.state", "État de l’incident", "State of the incident")                                   \
        X("incident.gravity", "Gravité", "Gravity")                                                          \
        X("incident.opened", "Ouverture du dossier", "File opened")                                          \
        X("measures.taken", "Mesures prises", "Measures taken")                                              \
        X("obligation.aware", "Prise de connaissance", "Became aware")                                       \
        X("obligation.phase", "Phase de la notification", "Phase of the notification")                       \
        X("obligation.delay", "Respect du délai", "Within the time limit")

bool form_source_is_known(const char *name);

struct declaration_input {
        const struct rule *rule;
        const struct obligation *obligation;
        enum filing_phase phase; /* or PHASE_AS_IT_STANDS */
        const struct incident *incident;
        const struct measure *measures;
        size_t measure_count;
        const struct house *house;
        const struct catalogue *catalogue;
        const struct clock *clock;
};

/* 0, -EINVAL (phase_check()), -ENOMEM. */
int declaration_fill(const struct declaration_input *input, struct form *ret_form, struct error *error);
