package io.cordon.sandbox.spi;

import io.cordon.sandbox.EnforcementReport;

/** What a backend would do for a policy: a value, made without touching the host. */
public interface BackendPlan {
    /** What would be enforced if every step succeeds. */
    EnforcementReport expected();

    /** What would be changed and why, for a person: plain text, several lines. */
    String explain();
}
