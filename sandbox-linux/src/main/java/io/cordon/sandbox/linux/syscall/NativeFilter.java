package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Memory;
import io.cordon.sandbox.linux.plan.BpfInstruction;
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
        instructions = NativeText.cleared((long) INSTRUCTION_SIZE * filter.size());
        for (int i = 0; i < filter.size(); i++) {
            BpfInstruction instruction = filter.get(i);
            long at = (long) i * INSTRUCTION_SIZE;
            instructions.setShort(at, (short) instruction.code());
            instructions.setByte(at + 2, (byte) instruction.jumpIfTrue());
            instructions.setByte(at + 3, (byte) instruction.jumpIfFalse());
            instructions.setInt(at + 4, instruction.operand());
        }
        program.setShort(0, (short) filter.size());
        program.setPointer(Long.BYTES, instructions);
    }

    @Override
    public void close() {
        program.close();
        instructions.close();
    }
}
