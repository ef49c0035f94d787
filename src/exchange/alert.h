/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * alert: a parcel as other houses' desks take it. Pure.
 *
 * alert_iris(): body of POST /alerts/add of DFIR-IRIS 2.1 and later. Required there: alert_title, alert_severity_id, alert_status_id,
 *     alert_customer_id. Severities as IRIS numbers them when it is installed: 6 critical, 5 high, 4 medium, 1 unspecified; status 2 is
 *     "new". alert_source_ref is the incident, so that what belongs together is found together; the parcel's id is in alert_source_content.
 * alert_fir(): body of POST /api/incidents of FIR. Required there: subject, detection, category (names), severity ("1" to "4"), confidentiality ("C0" to
 *     "C3"). Each parcel opens an incident of its own there, so a target of this kind does best with incident.opened alone.
 */
#pragma once

#include "exchange/parcel.h"

/* New reference, NULL when out of memory. */
json_t *alert_iris(const struct outlet *outlet, const struct parcel *parcel);
json_t *alert_fir(const struct outlet *outlet, const struct parcel *parcel);
