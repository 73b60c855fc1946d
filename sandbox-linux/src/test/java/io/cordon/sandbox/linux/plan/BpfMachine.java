package io.cordon.sandbox.linux.plan;

import java.util.List;

/** Executes a filter as the kernel does, on {@code struct seccomp_data}: the few operations that filters here use. */
final class BpfMachine {
    private BpfMachine() {}

    static int run(List<BpfInstruction> program, int architecture, int number, long... arguments) {
        int[] data = new int[16];
        data[0] = number;
        data[1] = architecture;
        for (int i = 0; i < arguments.length; i++) {
            data[4 + 2 * i] = (int) arguments[i];
            data[5 + 2 * i] = (int) (arguments[i] >>> 32);
        }
        int accumulator = 0;
        for (int at = 0; ; at++) {
            BpfInstruction instruction = program.get(at);
            int operand = instruction.operand();
            switch (instruction.code()) {
                case BpfInstruction.LOAD -> accumulator = data[operand / 4];
                case BpfInstruction.AND -> accumulator &= operand;
                case BpfInstruction.JUMP_EQUAL -> at += jump(instruction, accumulator == operand);
                case BpfInstruction.JUMP_GREATER_OR_EQUAL ->
                    at += jump(instruction, Integer.compareUnsigned(accumulator, operand) >= 0);
                case BpfInstruction.JUMP_ANY_BIT -> at += jump(instruction, (accumulator & operand) != 0);
                case BpfInstruction.RETURN -> {
                    return operand;
                }
                default -> throw new AssertionError("unknown operation " + instruction);
            }
        }
    }

    private static int jump(BpfInstruction instruction, boolean condition) {
        return condition ? instruction.jumpIfTrue() : instruction.jumpIfFalse();
    }
}
