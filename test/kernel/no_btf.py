# SPDX-License-Identifier: EUPL-1.2
"""A kernel that has no type information of itself, made of one that has.

No distribution ships such a kernel any more, and building one takes longer than all tests. So the few functions that read
the type information are made to return zero at once, which is what they do where CONFIG_DEBUG_INFO_BTF is off; the rest
is the very same kernel. The image (x86, xz) is taken apart and put together again in place: the boot protocol of
Documentation/arch/x86/boot.rst gives offset and length of what is compressed in it.
"""
import lzma
import struct

SYMBOLS = ["_text", "btf_parse_vmlinux", "btf_module_notify", "btf_vmlinux_init"]
RETURN_ZERO = b"\x31\xc0\xc3"  # xor eax, eax; ret
PROLOGUES = (b"\xf3\x0f\x1e\xfa", b"\xe8")  # endbr64; the call for tracing, whose five bytes the kernel itself rewrites
ELF_LOAD = 1


def _payload(image):
    sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (sectors + 1) * 512 + offset
    return start, length


def _file_offset(elf, address):
    table, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    for entry in range(table, table + size * count, size):
        kind, _, offset, virtual, _, stored = struct.unpack_from("<IIQQQQ", elf, entry)
        if kind == ELF_LOAD and virtual <= address < virtual + stored:
            return offset + address - virtual
    raise SystemExit(f"no segment of the kernel holds {address:#x}")


def without_btf(kernel, addresses, target):
    """`addresses`: of SYMBOLS, as the running kernel has them (moved by a constant or not)."""
    image = bytearray(kernel.read_bytes())
    start, length = _payload(image)
    elf = bytearray(lzma.LZMADecompressor().decompress(bytes(image[start:start + length])))
    linked = 0xFFFFFFFF81000000
    for name in SYMBOLS[1:]:
        at = _file_offset(elf, addresses[name] - addresses["_text"] + linked)
        if elf[at:at + 4] == PROLOGUES[0]:
            at += 4
        if elf[at:at + 1] == PROLOGUES[1]:
            at += 5
        elf[at:at + 3] = RETURN_ZERO
    filters = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 32 << 20}]
    packed = None
    for _ in range(2):
        packed = lzma.compress(bytes(elf), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, filters=filters)
        if len(packed) <= length - 4:  # the last four say how long the whole is
            break
        _blank_types(elf)
    if len(packed) > length - 4:
        raise SystemExit("the changed kernel does not fit into its image")
    image[start:start + length - 4] = packed.ljust(length - 4, b"\0")
    target.write_bytes(image)
    return target


def _blank_types(elf):
    """Nobody reads the type information any more: without it there is room."""
    table, = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)
    headers = [struct.unpack_from("<IIQQQQ", elf, table + size * n) for n in range(count)]
    strings = headers[names][4]
    for name, _, _, _, offset, length in headers:
        if elf[strings + name:strings + name + 5] == b".BTF\0":
            elf[offset:offset + length] = bytes(length)
