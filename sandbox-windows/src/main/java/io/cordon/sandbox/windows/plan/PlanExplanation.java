package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.Sid;
import java.util.stream.Collectors;

/** A plan as text. */
final class PlanExplanation {
    private PlanExplanation() {}

    static String of(WindowsPlan plan) {
        StringBuilder out = new StringBuilder();
        line(out, "Confinement: " + plan.confinement() + ", because " + plan.confinementReason());
        line(
                out,
                "Token: "
                        + plan.token()
                                .container()
                                .map(PlanExplanation::container)
                                .orElse("")
                        + "level " + plan.token().level() + ", no privileges, administrative groups deny-only"
                        + plan.token()
                                .restricting()
                                .map(sids -> ", write-restricted to "
                                        + sids.stream().map(Sid::toString).collect(Collectors.joining(", ")))
                                .orElse(""));
        JobShape job = plan.job();
        line(
                out,
                "Job: ends with the sandbox, no breakaway"
                        + (job.processes().isPresent()
                                ? ", processes <= " + job.processes().getAsInt()
                                : "")
                        + (job.memory().isPresent()
                                ? ", memory <= " + job.memory().getAsLong()
                                : "")
                        + (job.cpuPercent().isPresent()
                                ? ", cpu <= " + job.cpuPercent().getAsInt() + "%"
                                : "")
                        + (job.slowNetwork() ? ", what it sends to the network slowed to a crawl" : "")
                        + (job.uiLimits() ? ", UI limits" : ", no UI limits"));
        line(out, "Desktop: " + (plan.privateDesktop() ? "private" : "the user's"));
        line(out, plan.edits().isEmpty() ? "Changes: none, everything is as it should be" : "Changes:");
        int number = 0;
        for (Edit edit : plan.edits()) {
            number++;
            line(out, "  " + number + ". " + what(edit));
            line(out, "     because " + edit.reason());
        }
        plan.boundaries().forEach(path -> line(out, "Changes of a tree stop at " + path));
        plan.fences().forEach(path -> line(out, "Held open against deleting and renaming: " + path));
        plan.environment().forEach((name, value) -> line(out, "Environment: " + name + "=" + value));
        line(
                out,
                plan.token().container().isPresent()
                        ? "Other sandboxes can write these roots only where what is in them grants it to all AppContainers"
                        : plan.isolatedFromOtherSandboxes()
                                ? "Other sandboxes of this user cannot write these roots"
                                : "Other sandboxes of this user at the same level can write these roots");
        plan.gaps().forEach(gap -> line(out, "Not enforced, as accepted: " + gap));
        plan.warnings().forEach(warning -> line(out, "Note: " + warning));
        return out.toString();
    }

    private static String container(ContainerShape container) {
        return (container.lessPrivileged() ? "less privileged AppContainer " : "AppContainer ") + container.packageSid()
                + " without capabilities, ";
    }

    private static String what(Edit edit) {
        if (edit instanceof Edit.SetLabel label) {
            return "label " + label.ace(true, true) + " on " + label.path() + (label.tree() ? " and beneath" : "");
        }
        if (edit instanceof Edit.AddAce add) {
            return "add " + add.ace() + " to " + add.path() + (add.tree() ? " and beneath" : "");
        }
        return "make the directory " + edit.path();
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append('\n');
    }
}
