package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import java.io.Serial;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** This machine does not enforce all that the policy asks for, so the sandbox was not opened. */
public final class UnenforceablePolicyException extends SandboxException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Transient: a report describes one machine, and is of no use on another one. */
    private final transient @Nullable ImmutableList<Enforcement> unmet;

    /**
     * A refusal; core makes it from a backend's report, and a backend that finds out before it has one makes it itself.
     *
     * @param backend the name of the backend
     * @param unmet what is not enforced as the policy asks for it
     */
    public UnenforceablePolicyException(String backend, ImmutableList<Enforcement> unmet) {
        super(SandboxErrorCode.POLICY_UNENFORCEABLE, message(backend, unmet));
        this.unmet = unmet;
    }

    /** The capabilities that are requested, not {@code FULL}, and whose gaps the policy does not accept. */
    public ImmutableList<Enforcement> unmet() {
        return unmet == null ? ImmutableList.of() : unmet;
    }

    private static String message(String backend, ImmutableList<Enforcement> unmet) {
        return unmet.stream()
                .map(entry -> "\n  %s is %s: %s.\n    Remedy: %s, or accept it with %s(Capability.%s)"
                        .formatted(
                                entry.capability(),
                                entry.level(),
                                entry.reason(),
                                entry.remedy(),
                                entry.level() == EnforcementLevel.PARTIAL ? "acceptPartial" : "bestEffort",
                                entry.capability()))
                .collect(Collectors.joining("", "the " + backend + " backend cannot enforce this policy here:", ""));
    }
}
