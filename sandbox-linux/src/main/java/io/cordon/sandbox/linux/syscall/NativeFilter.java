package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Memory;
import io.cordon.sandbox.linux.plan.BpfInstruction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A seccomp filter in native memory: {@code struct sock_fprog} with its {@code struct sock_filter}s, linux/filter.h. */
public final class NativeFilter implements AutoCloseable {
    /** u16 code, u8 jt, u8 jf, u32 k. */
    private static final int INSTRUCTION_SIZE = 8;

    /** u16 length, padding, pointer. */
    private static final int PROGRAM_SIZE = 16;

    final Memory program = NativeText.cleared(PROGRAM_SIZE);
    private final Memory instructions;

    /** Copies the instructions. */
    public NativeFilter(List<BpfInstruction> filter) {
        byte[] bytes = bytes(filter);
        instructions = NativeText.cleared(bytes.length);
        instructions.write(0, bytes, 0, bytes.length);
        program.setShort(0, (short) filter.size());
        program.setPointer(Long.BYTES, instructions);
    }

    /** The instructions as the kernel reads them; both architectures are little-endian. */
    public static byte[] bytes(List<BpfInstruction> filter) {
        ByteBuffer bytes = ByteBuffer.allocate(INSTRUCTION_SIZE * filter.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (BpfInstruction instruction : filter) {
            bytes.putShort((short) instruction.code())
                    .put((byte) instruction.jumpIfTrue())
                    .put((byte) instruction.jumpIfFalse())
                    .putInt(instruction.operand());
        }
        return bytes.array();
    }

    @Override
    public void close() {
        program.close();
        instructions.close();
    }
}
