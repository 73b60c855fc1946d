package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.ResolvedPolicy;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A policy on this machine, before anything is changed.
 *
 * @param resolved the policy, with the real paths of its rules
 * @param changes describes what would be changed, when somebody asks
 * @param container the AppContainer that children would be in, when somebody asks; empty if they would be in none
 * @param account the account that they would run as; empty if it is the user's own
 */
record HostPlan(
        ResolvedPolicy resolved,
        Supplier<String> changes,
        Supplier<Optional<ContainerShape>> container,
        Supplier<Optional<AccountFindings>> account)
        implements BackendPlan {

    private SandboxPolicy policy() {
        return resolved.policy();
    }

    /** The real paths of the writable roots. */
    ImmutableSet<Path> roots() {
        return resolved.roots();
    }

    /** The limits of each tree's job. */
    JobLimits limits() {
        return JobLimits.of(policy().limits().processes(), policy().limits().memory());
    }

    /** The cap of each tree's job, in hundredths of a percent of all processors. */
    OptionalInt cpuRate() {
        OptionalInt percent = policy().limits().cpuPercent();
        return percent.isPresent()
                ? OptionalInt.of(JobSetup.cpuRate(
                        percent.getAsInt(), Runtime.getRuntime().availableProcessors()))
                : percent;
    }

    /** Whether the user interface of the user is closed to the tree. */
    boolean uiDenied() {
        return policy().requested().contains(Capability.UI);
    }

    @Override
    public EnforcementReport expected() {
        return ConfinementReport.derived(
                policy(), limits(), Findings.withoutGap(limits(), container.get(), account.get()), PlanFindings.NONE);
    }

    @Override
    public String explain() {
        StringBuilder text = new StringBuilder();
        text.append(changes.get());
        text.append("The edits are recorded before they are made, and taken back when the sandbox closes or, after a "
                + "crash, when the next one is opened.\n");
        text.append("Job: one for each process tree; it ends with the tree's root, with the sandbox and with the JVM");
        limits().processLimit()
                .ifPresent(limit -> text.append("; at most ").append(limit).append(" processes"));
        limits().memoryLimit()
                .ifPresent(limit -> text.append("; at most ").append(limit).append(" bytes of memory"));
        cpuRate()
                .ifPresent(rate ->
                        text.append("; at most %d.%02d %% of the processors".formatted(rate / 100, rate % 100)));
        text.append(".\n");
        if (uiDenied() && account.get().isPresent()) {
            text.append("Desktop: the user's; its job cannot take anything of it.\n");
        } else if (uiDenied()) {
            text.append(container.get().isPresent() ? "Desktop: the user's" : "Desktop: a private one")
                    .append("; the job takes clipboard, other desktops and handles of others.\n");
        }
        return text.toString();
    }
}
