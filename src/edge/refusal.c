/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/refusal.h"

#include <errno.h>

int refusal_say(int r, const struct kernel_traits *kernel, struct error *error)
{
        if (r == -EPERM || (r == -EACCES && !kernel->we_are_root)) /* EACCES is the verifier's no, too */
                return error_say(error, r,
                                 "le noyau ne permet pas de charger les programmes de paquets : il faut être "
                                 "root, ou avoir CAP_BPF, CAP_NET_ADMIN et CAP_PERFMON ; tout fonctionne "
                                 "encore, sauf voir et rejeter les paquets",
                                 "the kernel does not let us load the packet programs: root is needed, or "
                                 "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; everything but seeing and dropping "
                                 "packets still works");
        if (r == -ENOMEM)
                return error_say(error, r,
                                 "mémoire insuffisante pour les programmes de paquets et leurs tables",
                                 "not enough memory for the packet programs and their tables");
        if (!kernel->knows_types)
                return error_say(
                        error, r,
                        "le noyau %s ne connaît pas ses propres types (pas de BTF : %s est absent) et refuse "
                        "donc les programmes de paquets : il faut CONFIG_DEBUG_INFO_BTF, que les noyaux de "
                        "Debian ont ; tout fonctionne encore, sauf voir et rejeter les paquets",
                        "kernel %s does not know its own types (no BTF: %s is missing) and so refuses the "
                        "packet programs: CONFIG_DEBUG_INFO_BTF is needed, which Debian's kernels have; "
                        "everything but seeing and dropping packets still works",
                        kernel->release, KERNEL_TYPES);
        return error_say(
                error, r,
                "le noyau %s a refusé les programmes de paquets (%m) : il faut Linux 6.1 ou plus récent, "
                "avec CONFIG_BPF_SYSCALL et CONFIG_BPF_JIT ; tout fonctionne encore, sauf voir et rejeter "
                "les paquets",
                "kernel %s refused the packet programs (%m): Linux 6.1 or newer with CONFIG_BPF_SYSCALL and "
                "CONFIG_BPF_JIT is needed; everything but seeing and dropping packets still works",
                kernel->release);
}
