package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.windows.account.SetupInspection;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/**
 * What of a set-up is there, part by part. That the filters are there does not prove that they hold anybody back: a try to
 * connect as the account is for the attestation of a sandbox.
 */
public final class SetupStatus {
    /** What a complete set-up does not keep from leaving. */
    public static final String LIMITS =
            "Names can leave by DNS: the DNS Client service asks for the account, and no filter"
                    + " on the account sees that.";

    private final SetupInspection.Findings findings;

    private final ImmutableList<String> leftOut;

    SetupStatus(SetupInspection.Findings findings, ImmutableList<String> leftOut) {
        this.findings = findings;
        this.leftOut = leftOut;
    }

    /** The steps that provisioning left out, each with the reason; nothing on Windows, and nothing if it only looked. */
    public ImmutableList<String> leftOut() {
        return leftOut;
    }

    /** Each part with what is wrong with it, or why that is unknown; an empty text where it is as wanted. */
    public ImmutableMap<String, String> parts() {
        return findings.parts();
    }

    /** Whether every part is as wanted. */
    public boolean isComplete() {
        return parts().values().stream().allMatch(String::isEmpty);
    }

    /** The SID of the account without a network. */
    public Optional<Sid> offlineAccount() {
        return findings.offline().map(account -> account.sid());
    }

    /** The SID of the account with one. */
    public Optional<Sid> onlineAccount() {
        return findings.online().map(account -> account.sid());
    }

    /** A line for each part, and the limits. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        parts().forEach((part, problem) -> text.append(part)
                .append(": ")
                .append(problem.isEmpty() ? "as wanted" : problem)
                .append('\n'));
        leftOut.forEach(step -> text.append("left out: ").append(step).append('\n'));
        return text.append("limits: ").append(LIMITS).append('\n').toString();
    }
}
