package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** A seccomp filter that is being written: the call's number is loaded before every rule, and restored behind it. */
final class FilterProgram {
    /** Offsets in {@code struct seccomp_data}. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENTS = 16;

    /** Bit of the call numbers of the x32 ABI, asm/unistd.h. */
    private static final int X32 = 0x40000000;

    private final Architecture architecture;
    private final List<BpfInstruction> program = new ArrayList<>();

    /** Begins with what every filter begins with: numbers of another ABI mean other calls. */
    FilterProgram(Architecture architecture) {
        this.architecture = architecture;
        add(BpfInstruction.load(ARCHITECTURE));
        add(BpfInstruction.ifNotEqual(architecture.auditArch(), 1), BpfInstruction.answer(SeccompFilter.KILL));
        add(BpfInstruction.load(NUMBER));
        if (architecture == Architecture.X86_64) {
            add(BpfInstruction.ifAtLeast(X32, 1), BpfInstruction.answer(SeccompFilter.NOT_PERMITTED));
        }
    }

    /** Answers a call with an action whatever its arguments, where the architecture has it. */
    void refuse(Syscall call, int action) {
        if (call.existsOn(architecture)) {
            add(BpfInstruction.ifEqual(call.number(architecture), 1), BpfInstruction.answer(action));
        }
    }

    /** Adds instructions that are executed for one call only, and restores the call's number behind them. */
    void when(Syscall call, BpfInstruction... body) {
        add(BpfInstruction.ifEqual(call.number(architecture), body.length + 1));
        add(body);
        add(BpfInstruction.load(NUMBER));
    }

    /** The low half of an argument: all that is judged here is of type {@code int}, or a mask of low bits. */
    static BpfInstruction loadArgument(int index) {
        return BpfInstruction.load(ARGUMENTS + 8 * index);
    }

    ImmutableList<BpfInstruction> allowingTheRest() {
        add(BpfInstruction.answer(SeccompFilter.ALLOW));
        return ImmutableList.copyOf(program);
    }

    private void add(BpfInstruction... instructions) {
        program.addAll(List.of(instructions));
    }
}
