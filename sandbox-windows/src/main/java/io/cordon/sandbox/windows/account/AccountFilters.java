package io.cordon.sandbox.windows.account;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.windows.security.ByteString;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FilterCalls;
import io.cordon.sandbox.windows.win32.FilterCondition;
import io.cordon.sandbox.windows.win32.FilterLayer;
import io.cordon.sandbox.windows.win32.NetworkFilter;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The filters that keep the offline account from every network, loopback included.
 *
 * <p>Opened ports of the loopback interface are permitted to TCP by heavier filters. A connection that is not bound
 * before is bound by connecting, which Windows asks ALE_RESOURCE_ASSIGNMENT about; so that layer leaves TCP alone then,
 * and listening is blocked by ALE_AUTH_LISTEN.
 */
public final class AccountFilters {
    static final UUID PROVIDER = UUID.fromString("6b0c5a52-6f3e-4a0c-9a53-3c1b2f7de101");
    static final UUID SUBLAYER = UUID.fromString("6b0c5a52-6f3e-4a0c-9a53-3c1b2f7de102");
    private static final int IPPROTO_TCP = 6;
    private static final int BLOCK_WEIGHT = 8;
    private static final int PERMIT_WEIGHT = 12;
    private static final ByteString LOOPBACK_V4 = ByteString.copyOf(new byte[] {127, 0, 0, 1});
    private static final ByteString LOOPBACK_V6 =
            ByteString.copyOf(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    private AccountFilters() {}

    /** All that are wanted. */
    static ImmutableList<NetworkFilter> wanted(AccountNames names, Sid offline, Optional<PortRange> ports) {
        ImmutableList.Builder<NetworkFilter> filters = ImmutableList.builder();
        for (FilterLayer layer : FilterLayer.values()) {
            ImmutableList.Builder<FilterCondition> conditions = ImmutableList.builder();
            conditions.add(new FilterCondition.User(offline));
            if (ports.isPresent() && layer.name().startsWith("RESOURCE_ASSIGNMENT")) {
                conditions.add(new FilterCondition.Protocol(IPPROTO_TCP, false));
            }
            filters.add(filter(names, "block " + layer, layer, true, conditions.build()));
        }
        ports.ifPresent(range -> {
            filters.add(permit(names, FilterLayer.AUTH_CONNECT_V4, LOOPBACK_V4, offline, range));
            filters.add(permit(names, FilterLayer.AUTH_CONNECT_V6, LOOPBACK_V6, offline, range));
        });
        return filters.build();
    }

    /** The keys of all that there may be, whatever was opened. */
    static ImmutableList<UUID> keys(AccountNames names) {
        return wanted(names, names.owner(), Optional.of(new PortRange(1, 1))).stream()
                .map(NetworkFilter::key)
                .collect(ImmutableList.toImmutableList());
    }

    /** How what there is differs from what is wanted; empty if it does not. */
    static String difference(FilterCalls calls, AccountNames names, Sid offline, Optional<PortRange> ports)
            throws WindowsFailure {
        ImmutableMap<UUID, NetworkFilter> wanted = wanted(names, offline, ports).stream()
                .collect(ImmutableMap.toImmutableMap(NetworkFilter::key, Function.identity()));
        try (OwnedHandle engine = calls.openEngine()) {
            for (UUID key : keys(names)) {
                Optional<NetworkFilter> there = calls.filter(engine, key);
                if (!there.equals(Optional.ofNullable(wanted.get(key)))) {
                    return "filter " + key + " is " + there + ", wanted is " + wanted.get(key);
                }
            }
        }
        return "";
    }

    private static NetworkFilter permit(
            AccountNames names, FilterLayer layer, ByteString address, Sid offline, PortRange ports) {
        return filter(
                names,
                "permit " + layer,
                layer,
                false,
                ImmutableList.of(
                        new FilterCondition.User(offline),
                        new FilterCondition.Protocol(IPPROTO_TCP, true),
                        new FilterCondition.RemoteAddress(address),
                        new FilterCondition.RemotePorts(ports.first(), ports.last())));
    }

    private static NetworkFilter filter(
            AccountNames names,
            String name,
            FilterLayer layer,
            boolean blocks,
            ImmutableList<FilterCondition> conditions) {
        return new NetworkFilter(
                names.filter(name),
                PROVIDER,
                SUBLAYER,
                "Cordon: " + name,
                layer.key(),
                blocks,
                NetworkFilter.FWPM_FILTER_FLAG_PERSISTENT
                        | (blocks ? NetworkFilter.FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT : 0),
                blocks ? BLOCK_WEIGHT : PERMIT_WEIGHT,
                conditions);
    }
}
