package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.nio.file.Path;

/**
 * The confinement that needs no set-up: a token below Medium, and labels on what it may write.
 *
 * @param policy the policy
 * @param roots the real paths of its roots
 * @param home the library's own directory
 */
record LowIntegrityPlan(SandboxPolicy policy, ImmutableSet<Path> roots, Path home) implements BackendPlan {

    /** The limits of each tree's job. */
    JobLimits limits() {
        return JobLimits.of(policy.limits().processes(), policy.limits().memory());
    }

    @Override
    public EnforcementReport expected() {
        return LowIntegrityReport.of(policy, limits(), Findings.withoutGap(limits()));
    }

    @Override
    public String explain() {
        StringBuilder text = new StringBuilder();
        text.append("Confinement LOW_INTEGRITY: needs no administrator and no set-up.\n");
        text.append("Token: the JVM's own, without privileges, administrators only denying, level 0x%x.\n"
                .formatted(ConfinedToken.LEVEL));
        for (Path root : roots) {
            text.append("Label S:(ML;OICI;NW;;;S-1-16-%d) on %s and on what is in it, until the sandbox closes.\n"
                    .formatted(ConfinedToken.LEVEL, root));
        }
        text.append("Temp directory: a new one in ").append(home).append(", labelled the same, deleted at close.\n");
        text.append("Job: one for each process tree; it ends with the tree's root, with the sandbox and with the JVM");
        limits().processLimit()
                .ifPresent(limit -> text.append("; at most ").append(limit).append(" processes"));
        limits().memoryLimit()
                .ifPresent(limit -> text.append("; at most ").append(limit).append(" bytes of memory"));
        return text.append(".\n").toString();
    }
}
