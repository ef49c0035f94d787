/* SPDX-License-Identifier: EUPL-1.2 */
/* What building the tree and reading its fields share. */
#pragma once

#include "flow/yaml_tree.h"

/* A fault where there is no node yet; `path` is "" for none. Both sentences are ready made. */
void yaml_fault_at(struct yaml_file *file, unsigned line, const char *path, const char *fr, const char *en);
