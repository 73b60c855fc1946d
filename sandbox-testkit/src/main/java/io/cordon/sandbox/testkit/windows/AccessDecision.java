package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessMask;
import java.util.stream.Collectors;

/**
 * The outcome of an access check.
 *
 * @param status the outcome
 * @param granted the rights granted; none unless the status is {@link Status#GRANTED}
 * @param steps how it came about, in order of evaluation; empty unless it was asked for with {@link
 * SecurityReferenceMonitor#explain}
 */
public record AccessDecision(Status status, AccessMask granted, ImmutableList<Step> steps) {
    /** How a check ends. */
    public enum Status {
        /** All that was asked for is granted. */
        GRANTED,
        /** STATUS_ACCESS_DENIED, error 5. */
        ACCESS_DENIED,
        /** STATUS_PRIVILEGE_NOT_HELD, error 1314: ACCESS_SYSTEM_SECURITY without SeSecurityPrivilege. */
        PRIVILEGE_NOT_HELD
    }

    /** A rule of the check. */
    public enum Rule {
        /** The request itself. */
        REQUEST,
        /** Mandatory integrity control. */
        INTEGRITY,
        /** A privilege. */
        PRIVILEGE,
        /** The owner's implicit rights, or OWNER RIGHTS in their place. */
        OWNER,
        /** The DACL with the token's user and groups. */
        NORMAL_PASS,
        /** The DACL with the restricting SIDs. */
        RESTRICTED_PASS,
        /** The DACL with the package and capability SIDs. */
        APP_CONTAINER_PASS
    }

    /**
     * One thing that happened.
     *
     * @param rule by which rule
     * @param text what, with the index and the text of the entry where one decided
     */
    public record Step(Rule rule, String text) {}

    static final AccessDecision DENIED = new AccessDecision(Status.ACCESS_DENIED, AccessMask.NONE, ImmutableList.of());
    static final AccessDecision NO_PRIVILEGE =
            new AccessDecision(Status.PRIVILEGE_NOT_HELD, AccessMask.NONE, ImmutableList.of());

    /** Whether the access is granted. */
    public boolean isGranted() {
        return status == Status.GRANTED;
    }

    /** The steps, one a line. */
    public String explanation() {
        return steps.stream()
                .map(step -> step.rule() + ": " + step.text())
                .collect(Collectors.joining("\n", "", "\n=> " + status + " " + granted));
    }
}
