/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What goes over the hub's socket (RUN/hub.sock; service/channel.h carries it). One row a type; nouns travel in
 * their own JSON (src/flow). The edge is a client with role "edge", people's commands have role "cli".
 *
 * From the edge. Those with an id are spooled until the hub's answer says they are on disk:
 *   {"type":"finding","id":n,"finding":{…}}                          -> {"id":n,"incident":"i_…"}
 *   {"type":"measure","id":n,"change":"applied|changed|ended","measure":{…}} -> {"id":n}
 *   {"type":"traffic","at":…,"read_ms":n,"services":[…],"unprotected","malformed","known_evicted","samples_lost"}
 *       several a second; what is kept of them: hub/traffic.h. read_ms: when the counters were read, by the edge's monotonic
 *       clock; rates are made of two such readings.
 *       service: {"name","packets","bytes","known","dropped","dropped_bytes","state":"calm|attack","classes":{"udp":…},
 *       "countries":{"FR":[packets,dropped]…}, "measures":{"m_…":[dropped,would_drop,spared,dropped_bytes]}}: counters since
 *       the data path began, in packets, and in bytes of IP packets; of a measure since it stood, or was adopted
 * To the edge, at its hello and whenever it changes: what people asked for, as desired state:
 *   {"type":"desired","asked":[measure…],"lifted":["m_…"…]}          asked ones stand, lifted ones never do
 *
 * To who sends things out ("respond"), at its hello and whenever it changes: what waits (hub/courier.h), some of each target:
 *   {"type":"outbox","items":[{"id","target","event","attempts","since","payload":{…}}]}
 * From it, when that is on disk it is answered:
 *   {"type":"out.done","id":n,"item":"…"} -> {"id":n}
 *   {"type":"out.failed","id":n,"item":"…","final":false,"why":{fr,en}} -> {"id":n}     final: it will not be tried any more
 *
 * From people ("cli"): every act (hub/act.h), its name as the type, its parameters as members, and "author" for who answers for it;
 * the answer is the act's. A file as answer is {"file":{"type","name","base64"}}, a long one many such lines with "more":true and an
 * empty last one. Refusals are {"error":{fr,en}}. Beside the acts:
 *   watch {}                     -> the status at each change and each traffic report, "more":true, until closed
 *   journal.export, journal.prove, study: hub/share.h
 * Of the status, "edge" is {"connected","services":[…as reported, with "rates"],"rates","known_evicted","samples_lost","unprotected",
 * "malformed"}; the four null before the first report.
 *       rates, null while there are no two readings of the last seconds: {"seconds":4.8,"in_pps","in_bps","dropped_pps",
 *       "dropped_bps","passed_pps","passed_bps"}, of a service with "countries":{"FR":{"in_pps","dropped_pps","passed_pps"}…},
 *       the eight that send most, greatest first; of a measure {"seconds","dropped_pps","dropped_bps","would_drop_pps",
 *       "spared_pps"}. Packets a second, and bits of IP packets a second.
 */
#pragma once

#define PROTOCOL_SOCKET "hub.sock" /* in the run folder */

enum protocol_role { PROTOCOL_EDGE, PROTOCOL_CLI, PROTOCOL_RESPOND, PROTOCOL_ROLES };
