package io.cordon.sandbox.linux.mediate;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.plan.MetadataRules;
import io.cordon.sandbox.linux.plan.Syscall;
import io.cordon.sandbox.linux.syscall.Errno;
import io.cordon.sandbox.linux.syscall.Notification;
import io.cordon.sandbox.linux.syscall.OwnedFd;
import io.cordon.sandbox.linux.syscall.SupervisorCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Carries out one call at a time: opens the file that it means, judges where that is, and changes the opened file. */
final class MetadataMediator {
    /** XATTR_NAME_MAX with the NUL, and XATTR_SIZE_MAX, linux/limits.h. */
    private static final int LONGEST_NAME = 256;

    private static final int LARGEST_VALUE = 1 << 16;
    private static final long NANOS_PER_MICRO = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final SupervisorCalls calls;
    private final WritablePlaces places;
    private final ImmutableMap<Integer, Syscall> mediated;

    MetadataMediator(SupervisorCalls calls, Architecture architecture, WritablePlaces places) {
        this.calls = calls;
        this.places = places;
        this.mediated = MetadataRules.MEDIATED.stream()
                .filter(call -> call.number(architecture) >= 0)
                .collect(ImmutableMap.toImmutableMap(call -> call.number(architecture), call -> call));
    }

    /** Makes the change, or not; the {@code errno} of the call, 0 for success. */
    int mediate(OwnedFd listener, Notification notification) {
        Syscall call = mediated.get(notification.number());
        if (call == null || notification.thread() == 0) {
            return Errno.ENOSYS;
        }
        try {
            MetadataRequest request = MetadataRequest.of(call, notification.arguments());
            try (OwnedFd target = TargetWalk.open(calls, notification.thread(), request.target())) {
                Effect effect = effect(notification.thread(), request.change());
                // Only now is it sure that all that was read and opened was this caller's: ids of threads are used
                // again.
                if (!calls.stillWaits(listener, notification.id())) {
                    return Errno.EINTR;
                }
                if (!places.contain(calls.location(target))) {
                    return Errno.EACCES;
                }
                effect.on(target);
                return 0;
            }
        } catch (AnsweredException e) {
            return e.error();
        } catch (NativeStepException e) {
            return e.systemCode();
        }
    }

    /** A change with all that it needs from the caller's memory. */
    @FunctionalInterface
    private interface Effect {
        void on(OwnedFd target) throws NativeStepException;
    }

    private Effect effect(int thread, MetadataChange change) throws AnsweredException, NativeStepException {
        if (change instanceof MetadataChange.Mode mode) {
            return target -> calls.changeMode(target, mode.mode());
        }
        if (change instanceof MetadataChange.Owner owner) {
            return target -> calls.changeOwner(target, owner.user(), owner.group());
        }
        if (change instanceof MetadataChange.Times times) {
            long @Nullable [] read = times.address() == 0 ? null : times(thread, times);
            return target -> calls.changeTimes(target, read);
        }
        if (change instanceof MetadataChange.SetAttribute set) {
            if (set.size() < 0 || set.size() > LARGEST_VALUE) {
                throw new AnsweredException(Errno.E2BIG);
            }
            byte[] name = calls.readText(thread, set.name(), LONGEST_NAME, Errno.ERANGE);
            byte[] value = calls.read(thread, set.value(), (int) set.size());
            return target -> calls.setAttribute(target, name, value, set.flags());
        }
        if (change instanceof MetadataChange.RemoveAttribute remove) {
            byte[] name = calls.readText(thread, remove.name(), LONGEST_NAME, Errno.ERANGE);
            return target -> calls.removeAttribute(target, name);
        }
        throw new AnsweredException(Errno.ENOSYS);
    }

    private long[] times(int thread, MetadataChange.Times times) throws AnsweredException, NativeStepException {
        int fields = times.format().fields;
        ByteBuffer read = ByteBuffer.wrap(calls.read(thread, times.address(), fields * Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        long[] values = new long[fields];
        read.asLongBuffer().get(values);
        return switch (times.format()) {
            case SECONDS -> new long[] {values[0], 0, values[1], 0};
            case MICROS -> new long[] {values[0], nanos(values[1]), values[2], nanos(values[3])};
            case NANOS -> values;
        };
    }

    private static long nanos(long micros) throws AnsweredException {
        if (micros < 0 || micros >= MICROS_PER_SECOND) {
            throw new AnsweredException(Errno.EINVAL);
        }
        return micros * NANOS_PER_MICRO;
    }
}
