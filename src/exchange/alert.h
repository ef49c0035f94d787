/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * alert: a parcel as other houses' desks take it. Pure. Neither has a package, so their published interfaces are held to by schemas, each
 * with its source: test/scenario/desks/.
 *
 * alert_iris(): body of POST /alerts/add of DFIR-IRIS 2.1 and later (deprecated for /api/v2/alerts, which 2.1 to 2.4 do not have). Required
 *     there: alert_title, alert_severity_id, alert_status_id, alert_customer_id. Severities as IRIS numbers them when it is installed: 6
 *     critical, 5 high, 4 medium, 1 unspecified; status 2 is "new". alert_source_event_time is UTC without a zone. alert_source_ref is the
 *     incident, so that what belongs together is found together; alert_source_content is the payload.
 * alert_fir(): body of POST /api/incidents of FIR, whose interface takes names. Required there: subject (256 characters at most), detection,
 *     category, severity ("1" to "4"), and confidentiality ("C0" to "C3") until February 2026, tlp ("CLEAR" to "RED") since: both are sent, it passes
 *     over what it does not know. Each parcel opens an incident of its own there, so a target of this kind does best with incident.opened alone.
 */
#pragma once

#include "exchange/parcel.h"

/* New reference, NULL when out of memory. */
json_t *alert_iris(const struct outlet *outlet, const struct parcel *parcel);
json_t *alert_fir(const struct outlet *outlet, const struct parcel *parcel);
