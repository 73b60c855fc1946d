package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.Confinement;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user and a volume: a machine on which a plan can be made, applied, attacked and undone.
 *
 * <pre>{@code
 * VirtualHost host = new VirtualHost(volume, user, "/users/me/cordon/temp");
 * WindowsPlan plan = WindowsPlanner.plan(policy, host.facts(policy, options), options).orThrow();
 * AppliedPlan applied = host.apply(plan);
 * VolumeOutcome outcome = volume.explaining(host.child(plan)).delete("/users/me/notes.txt");
 * }</pre>
 */
public final class VirtualHost {
    private final VirtualVolume volume;
    private final VirtualToken user;
    private final Sid logon;
    private final String temp;
    private final Map<Long, String> stamps;
    private final @Nullable VirtualToken account;
    private final @Nullable Sid packageSid;

    /**
     * A host.
     *
     * @param user the user's own token, which makes the edits
     * @param logon the SID of the logon session, a group of the token
     * @param temp where the sandbox's private temp directory is made; the directory above must exist
     */
    public VirtualHost(VirtualVolume volume, VirtualToken user, Sid logon, String temp) {
        this(volume, user, logon, temp, new HashMap<>(), null, null);
    }

    private VirtualHost(
            VirtualVolume volume,
            VirtualToken user,
            Sid logon,
            String temp,
            Map<Long, String> stamps,
            @Nullable VirtualToken account,
            @Nullable Sid packageSid) {
        this.volume = volume;
        this.user = user;
        this.logon = logon;
        this.temp = temp;
        this.stamps = stamps;
        this.account = account;
        this.packageSid = packageSid;
    }

    /** The volume. */
    public VirtualVolume volume() {
        return volume;
    }

    /** The user. */
    public VirtualToken user() {
        return user;
    }

    /** The same user, stamps included, on a copy of the volume. */
    public VirtualHost on(VirtualVolume copy) {
        return new VirtualHost(copy, user, logon, temp, new HashMap<>(stamps), account, packageSid);
    }

    /** Another sandbox of the same user on the same volume, which knows what the first one stamped. */
    public VirtualHost another(String itsTemp) {
        return new VirtualHost(volume, user, logon, itsTemp, stamps, account, packageSid);
    }

    /**
     * The same host, on which a healthy account for sandboxes is provisioned; plans that close the network run the
     * child as it.
     */
    public VirtualHost provisioned(VirtualToken accountToken) {
        return new VirtualHost(volume, user, logon, temp, stamps, accountToken, packageSid);
    }

    /** The same host with AppContainers, of which the policies are to use the one with this package SID. */
    public VirtualHost withAppContainer(Sid itsPackageSid) {
        return new VirtualHost(volume, user, logon, temp, stamps, account, itsPackageSid);
    }

    /** What the planner has to know for this policy, complete: the whole volume is searched. */
    public HostFacts facts(SandboxPolicy policy, PlanOptions options) {
        return new FactCollector(this, policy, options).collect();
    }

    /** Makes the changes of a plan as the user, as far as he is allowed to. */
    public AppliedPlan apply(WindowsPlan plan) {
        AppliedPlan applied = new AppliedPlan(volume, user);
        plan.edits().forEach(edit -> applied.apply(edit, plan.boundaries()));
        plan.fences().forEach(applied::fence);
        plan.stamps().forEach((path, stamp) -> {
            VirtualObject top = volume.find(VirtualVolume.fromPath(path));
            if (top != null) {
                stamps.put(top.id(), stamp);
            }
        });
        return applied;
    }

    /**
     * The token of a child under this plan.
     *
     * @throws IllegalStateException if the plan runs the child as an account and none is provisioned
     */
    public VirtualToken child(WindowsPlan plan) {
        if (plan.token().container().isPresent()) {
            return contained(plan.token().container().get());
        }
        VirtualToken filtered = childAt(plan.token().level(), plan.confinement());
        return plan.token()
                .restricting()
                .map(sids -> filtered.restrictedTo(sids, true))
                .orElse(filtered);
    }

    /** The token from which a child's is made, filtered and lowered, without restricting SIDs. */
    VirtualToken childAt(IntegrityLevel level, Confinement confinement) {
        VirtualToken identity = user;
        if (confinement == Confinement.ACCOUNT) {
            if (account == null) {
                throw new IllegalStateException("the plan runs the child as an account, and none is provisioned");
            }
            identity = account;
        }
        return identity.filtered(ImmutableSet.of(WellKnownSids.ADMINISTRATORS))
                .unprivileged()
                .atLevel(level);
    }

    /** The token of a child in this AppContainer. */
    VirtualToken contained(ContainerShape container) {
        return childAt(IntegrityLevel.MEDIUM, Confinement.APP_CONTAINER)
                .inAppContainer(new VirtualToken.AppContainer(
                        container.packageSid(), ImmutableSet.of(), container.lessPrivileged()));
    }

    @Nullable
    Sid packageSid() {
        return packageSid;
    }

    @Nullable
    VirtualToken account() {
        return account;
    }

    Sid logon() {
        return logon;
    }

    String temp() {
        return temp;
    }

    Map<Long, String> stamps() {
        return stamps;
    }
}
