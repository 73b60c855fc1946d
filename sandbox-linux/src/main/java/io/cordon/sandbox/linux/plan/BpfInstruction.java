package io.cordon.sandbox.linux.plan;

/**
 * One instruction of classic BPF, {@code struct sock_filter} of linux/filter.h, and the few forms of it that a seccomp
 * filter needs (Documentation/networking/filter.rst, seccomp(2)).
 *
 * @param code the operation
 * @param jumpIfTrue instructions to skip when a condition holds
 * @param jumpIfFalse instructions to skip when it does not
 * @param operand the constant
 */
public record BpfInstruction(int code, int jumpIfTrue, int jumpIfFalse, int operand) {
    /** {@code BPF_LD | BPF_W | BPF_ABS}. */
    static final int LOAD = 0x20;
    /** {@code BPF_JMP | BPF_JEQ | BPF_K}. */
    static final int JUMP_EQUAL = 0x15;
    /** {@code BPF_JMP | BPF_JGE | BPF_K}, unsigned. */
    static final int JUMP_GREATER_OR_EQUAL = 0x35;
    /** {@code BPF_JMP | BPF_JSET | BPF_K}. */
    static final int JUMP_ANY_BIT = 0x45;
    /** {@code BPF_ALU | BPF_AND | BPF_K}. */
    static final int AND = 0x54;
    /** {@code BPF_RET | BPF_K}. */
    static final int RETURN = 0x06;

    static BpfInstruction load(int offset) {
        return new BpfInstruction(LOAD, 0, 0, offset);
    }

    static BpfInstruction and(int mask) {
        return new BpfInstruction(AND, 0, 0, mask);
    }

    /** Executes the next instructions only if the loaded value is this. */
    static BpfInstruction ifEqual(int value, int nextInstructions) {
        return new BpfInstruction(JUMP_EQUAL, 0, nextInstructions, value);
    }

    /** Executes the next instructions only if the loaded value is not this. */
    static BpfInstruction ifNotEqual(int value, int nextInstructions) {
        return new BpfInstruction(JUMP_EQUAL, nextInstructions, 0, value);
    }

    static BpfInstruction ifAtLeast(int value, int nextInstructions) {
        return new BpfInstruction(JUMP_GREATER_OR_EQUAL, 0, nextInstructions, value);
    }

    static BpfInstruction ifAnyBit(int mask, int nextInstructions) {
        return new BpfInstruction(JUMP_ANY_BIT, 0, nextInstructions, mask);
    }

    static BpfInstruction answer(int action) {
        return new BpfInstruction(RETURN, 0, 0, action);
    }
}
