package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The confinement that needs no set-up: a token below Medium, and labels on what it may write.
 *
 * @param policy the policy
 * @param roots the real paths of its roots
 * @param home the library's own directory
 * @param writeRestricted whether the token is write-restricted as well
 */
record LowIntegrityPlan(SandboxPolicy policy, ImmutableSet<Path> roots, Path home, boolean writeRestricted)
        implements BackendPlan {

    /** The limits of each tree's job. */
    JobLimits limits() {
        return JobLimits.of(policy.limits().processes(), policy.limits().memory());
    }

    /** The cap of each tree's job, in hundredths of a percent of all processors. */
    OptionalInt cpuRate() {
        OptionalInt percent = policy.limits().cpuPercent();
        return percent.isPresent()
                ? OptionalInt.of(JobSetup.cpuRate(
                        percent.getAsInt(), Runtime.getRuntime().availableProcessors()))
                : percent;
    }

    /** Whether the user interface of the user is closed to the tree. */
    boolean uiDenied() {
        return policy.requested().contains(Capability.UI);
    }

    /**
     * The token of each process.
     *
     * @param capabilities the SIDs of what the child may write
     * @param logon that of the session, to which much of what a process opens is granted
     */
    TokenShape token(ImmutableSet<Sid> capabilities, Optional<Sid> logon) {
        if (!writeRestricted) {
            return new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty());
        }
        ImmutableSet.Builder<Sid> restricting = ImmutableSet.builder();
        restricting.addAll(capabilities);
        logon.ifPresent(restricting::add);
        return new TokenShape(
                IntegrityLevel.MEDIUM_LOW,
                Optional.of(restricting.add(WellKnownSids.EVERYONE).build()));
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
        if (writeRestricted) {
            text.append("Token: write-restricted to a SID of each directory that it may write, the logon session and "
                    + "Everyone.\n");
        }
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
        cpuRate()
                .ifPresent(rate ->
                        text.append("; at most %d.%02d %% of the processors".formatted(rate / 100, rate % 100)));
        text.append(".\n");
        if (uiDenied()) {
            text.append("Desktop: a private one; the job takes clipboard, other desktops and handles of others.\n");
        }
        return text.toString();
    }
}
