package io.cordon.sandbox.testkit.contract;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import java.util.Optional;

/**
 * What a backend admits not to do, each with its reason: whoever reads the tests of a backend finds its gaps here, and a
 * gap that is not declared fails a rule. A value: immutable, and safe for use by several threads.
 *
 * <pre>{@code
 * Declarations.NONE
 *         .partial(Capability.NETWORK, "the DNS client of the system asks for every account")
 *         .without("N12", "there is no proxy for this backend")
 * }</pre>
 */
public final class Declarations {
    /** Nothing is admitted: every rule holds, and every capability is enforced in full. */
    public static final Declarations NONE = new Declarations(ImmutableMap.of(), ImmutableMap.of());

    private final ImmutableMap<Capability, String> partial;
    private final ImmutableMap<String, String> without;

    private Declarations(ImmutableMap<Capability, String> partial, ImmutableMap<String, String> without) {
        this.partial = partial;
        this.without = without;
    }

    /**
     * Admits that a capability is enforced with gaps: policies of the contract accept it as PARTIAL. The rules hold all
     * the same.
     *
     * @throws IllegalArgumentException if there is no reason, or one was given before
     */
    public Declarations partial(Capability capability, String reason) {
        return new Declarations(with(partial, capability, reason), without);
    }

    /**
     * Admits that a rule is not kept. Of a required rule the contract then demands that the backend does not claim it
     * either, and skips it with the reason.
     *
     * @param rule such as {@code N12}
     * @throws IllegalArgumentException if there is no reason, or one was given before
     */
    public Declarations without(String rule, String reason) {
        return new Declarations(partial, with(without, rule, reason));
    }

    private static <K> ImmutableMap<K, String> with(ImmutableMap<K, String> map, K key, String reason) {
        checkArgument(!reason.isBlank(), "%s is declared without a reason", key);
        return ImmutableMap.<K, String>builder().putAll(map).put(key, reason).buildOrThrow();
    }

    /** The capabilities that are enforced with gaps. */
    ImmutableSet<Capability> partial() {
        return partial.keySet();
    }

    /** Why a rule is not kept; empty if it is. */
    Optional<String> reason(String rule) {
        return Optional.ofNullable(without.get(rule));
    }
}
