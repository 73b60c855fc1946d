package io.cordon.sandbox.windows.edit;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The files of the journal, version 1.
 *
 * <h2>Directory</h2>
 *
 * <p>{@code <home>/journal/} holds
 *
 * <ul>
 *   <li>{@code lock}: one byte far behind its end is locked (FileLock, LockFileEx on Windows) while a process reads or
 *       changes the directory; its text is the id of the process that locked it last.
 *   <li>{@code <sequence>-<uuid>.layer}: a layer, its sequence in ten decimal digits.
 *   <li>{@code <uuid>.lease}: an open sandbox. The lease is replaced as a whole, by a rename.
 *   <li>{@code *.tmp}: a file that was being made; whoever has the lock deletes it.
 *   <li>{@code quarantine/}: damaged and foreign files as they were found, each with {@code <name>.reason.txt}.
 * </ul>
 *
 * <h2>Fields</h2>
 *
 * <p>Numbers are little-endian. {@code string}: u32 number of UTF-16 units, and the units, paired or not. {@code uuid}:
 * u64 most significant bits, u64 least significant bits. {@code fileId}: u64 volume, u64 index. {@code label}: u32
 * relative identifier of the level, u32 policy. {@code flags}: u8, bit 0 is the one named first, other bits are 0.
 * {@code list of X}: u32 number, and each X. {@code descriptor}: u32 number of bytes, and a self-relative security
 * descriptor (MS-DTYP 2.4.6). Times are milliseconds since the epoch, signed.
 *
 * <h2>File</h2>
 *
 * <p>A preamble of 32 bytes: 8 bytes {@code CORDONJL} (a layer) or {@code CORDONLS} (a lease), u32 version = 1, uuid (of
 * the layer or the sandbox), u32 CRC32C of these 28 bytes. Then blocks without gaps, each
 *
 * <pre>
 *   u32  marker 0x4B4C4243, the letters CBLK
 *   u32  type
 *   u64  where in the file the block begins
 *   u32  n, the number of bytes of the payload
 *   n    payload
 *   u32  CRC32C of the 16 bytes of the uuid as in the preamble, and of everything above
 *   u32  n + 28, the number of bytes of the block, by which the file is read from its end
 * </pre>
 *
 * <p>A payload has no bytes behind its last field. A lease has exactly one block, LEASE. A layer has one HEADER, any
 * number of RECORDS, and one COMPLETED as its last block unless it is unfinished.
 *
 * <dl>
 *   <dt>HEADER = 1
 *   <dd>u64 sequence, i64 created, flags (persistent), u64 process id, i64 start of the process or the least number if
 *       unknown, list of uuid of the layers that it lies on, list of places: string path, flags (has identity, writable,
 *       tree), label, and fileId if it has an identity.
 *   <dt>RECORDS = 2
 *   <dd>list of descriptor (without owner and group); list of changes: u8 kind, and for kind 0 (label) and 1 (entry) a
 *       u32 number of bytes and an ACL of one entry (MS-DTYP 2.4.5), for kind 2 (directory made) nothing; list of
 *       records, at least one: fileId, u32 index of the change, u32 index of the descriptor, u16 number of UTF-16 units
 *       that the path shares with the path before (the first: 0), u16 number of units that follow, the units. A record
 *       whose descriptor shows its change already tells how an object was found that was not changed. The identity is
 *       0 and 0 for a directory that is about to be made and for what the user may not open, 0 and 1 for what was not
 *       looked at for another reason.
 *   <dt>COMPLETED = 3
 *   <dd>list of descriptor; list of trees: string path, fileId, string shape, string stamp, flags (sharedWritable, passesOnNothing,
 *       needsDeleteChild), list of hard links: string path, fileId, flags (directory, reparsePoint, labelWritable,
 *       daclWritable, childrenNeedDeleteChild), u32 index of the descriptor; and list of string of what is unprotectable.
 *   <dt>LEASE = 4
 *   <dd>u64 process id, i64 start of the process, string name of the private directory, i64 since, list of uuid of layers.
 * </dl>
 *
 * <h2>Writing</h2>
 *
 * <p>A layer is made under a temporary name, with its HEADER, forced to disk, and renamed. A block of RECORDS is written
 * and forced to disk before the first of its edits is made; a batch of more than 1 MiB becomes several blocks, each
 * forced before the next is written. COMPLETED is written and forced after the last edit.
 *
 * <h2>Reading</h2>
 *
 * <p>A block is valid if marker, position, length, checksum and number of bytes are right. If the block at the end is not
 * valid, and no block of this file begins at any offset behind it, then it was being written when the process was killed
 * or the power failed; its edits were never begun, so it is left out, and what comes before it is used. Everything else
 * makes the whole file unusable: another magic or version, a damaged preamble or HEADER, an invalid block with a block
 * behind it (also one that belongs somewhere else, since bytes were lost then), a type that does not belong there,
 * anything behind COMPLETED, a field that its type does not allow. Such a file is moved to quarantine, and none of its
 * edits is undone.
 *
 * <p>Whether a layer is complete is read from its end, without the blocks in between. All of them are read and checked
 * before the first edit is undone.
 */
final class JournalFormat {
    static final String LAYER_MAGIC = "CORDONJL";
    static final String LEASE_MAGIC = "CORDONLS";
    static final int VERSION = 1;

    static final int MARKER = 0x4B4C4243;
    static final int HEADER = 1;
    static final int RECORDS = 2;
    static final int COMPLETED = 3;
    static final int LEASE = 4;

    static final int PREAMBLE_LENGTH = 32;
    static final int BLOCK_HEADER = 20;
    /** The bytes of a block without its payload. */
    static final int BLOCK_OVERHEAD = BLOCK_HEADER + 8;
    /** A batch with more bytes is split. */
    static final int BATCH_LENGTH = 1 << 20;
    /** The most bytes of a payload: a COMPLETED with about a million hard links. */
    static final int MAX_PAYLOAD = 1 << 28;

    private JournalFormat() {}

    static byte[] preamble(String magic, UUID id) {
        ByteWriter out = new ByteWriter()
                .bytes(magic.getBytes(StandardCharsets.US_ASCII))
                .int32(VERSION)
                .id(id);
        CRC32C checksum = new CRC32C();
        checksum.update(out.toBytes());
        return out.int32((int) checksum.getValue()).toBytes();
    }

    static byte[] block(UUID id, long position, int type, byte[] payload) {
        ByteWriter out = new ByteWriter()
                .int32(MARKER)
                .int32(type)
                .int64(position)
                .int32(payload.length)
                .bytes(payload);
        return out.int32(checksum(id, out.toBytes(), out.size()))
                .int32(payload.length + BLOCK_OVERHEAD)
                .toBytes();
    }

    /** The checksum of a block whose first {@code length} bytes, up to the checksum itself, are these. */
    static int checksum(UUID id, byte[] block, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(new ByteWriter().id(id).toBytes());
        checksum.update(block, 0, length);
        return (int) checksum.getValue();
    }

    /** A file with its first block. */
    static byte[] file(String magic, UUID id, int type, byte[] payload) {
        return new ByteWriter()
                .bytes(preamble(magic, id))
                .bytes(block(id, PREAMBLE_LENGTH, type, payload))
                .toBytes();
    }
}
