/* SPDX-License-Identifier: EUPL-1.2 */
/* Countries to continents, for the last rung of an answer and for reports. */
#pragma once

/*
 * "EU", "AF", "AS", "NA", "SA", "OC", "AN", or "??" for a code that is none. Regions of UN M49, Central America and
 * the Caribbean with "NA"; Cyprus counts as Europe (it is in the Union), Türkiye and the Caucasus as Asia.
 */
const char *continent_of(const char *country);
