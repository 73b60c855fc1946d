package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.ByteString;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.security.SecurityFormatException;
import io.cordon.sandbox.windows.win32.SetupStructures.FWPM_FILTER0;
import io.cordon.sandbox.windows.win32.SetupStructures.FWPM_FILTER_CONDITION0;
import io.cordon.sandbox.windows.win32.SetupStructures.FWP_BYTE_BLOB;
import io.cordon.sandbox.windows.win32.SetupStructures.FWP_CONDITION_VALUE0;
import io.cordon.sandbox.windows.win32.SetupStructures.FWP_RANGE0;
import io.cordon.sandbox.windows.win32.SetupStructures.GUID;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A filter as Windows has it in memory. Closing it frees what was written. */
final class FilterMemory implements AutoCloseable {
    private static final UUID FWPM_CONDITION_ALE_USER_ID = UUID.fromString("af043a0a-b34d-4f86-979c-c90371af6e66");
    private static final UUID FWPM_CONDITION_IP_PROTOCOL = UUID.fromString("3971ef2b-623e-4f9a-8cb1-6e79b806b9a7");
    private static final UUID FWPM_CONDITION_IP_REMOTE_ADDRESS =
            UUID.fromString("b235ae9a-1d64-49b8-a44c-5ff3d9095045");
    private static final UUID FWPM_CONDITION_IP_REMOTE_PORT = UUID.fromString("c35a604d-d22b-4e1a-91b4-68f674ee674b");

    private static final int FWP_ACTION_BLOCK = 0x1001;
    private static final int FWP_ACTION_PERMIT = 0x1002;
    private static final int FWP_ACTRL_MATCH_FILTER = 0x1;
    private static final int FWP_UINT8 = 1;
    private static final int FWP_UINT16 = 2;
    private static final int FWP_UINT32 = 3;
    private static final int FWP_BYTE_ARRAY16_TYPE = 11;
    private static final int FWP_SECURITY_DESCRIPTOR_TYPE = 14;
    private static final int FWP_RANGE_TYPE = 0x102;
    private static final int FWP_MATCH_EQUAL = 0;
    private static final int FWP_MATCH_RANGE = 5;
    private static final int FWP_MATCH_NOT_EQUAL = 10;

    /** What Windows adds by itself: it keeps the filter in an index. */
    private static final int FWPM_FILTER_FLAG_INDEXED = 0x40;

    private static final int V6_LENGTH = 16;

    private final ResourceScope scope = new ResourceScope();

    static GUID guid(UUID uuid) {
        GUID guid = new GUID();
        fill(guid, uuid);
        return guid;
    }

    static void fill(GUID guid, UUID uuid) {
        guid.Data1 = (int) (uuid.getMostSignificantBits() >>> 32);
        guid.Data2 = (short) (uuid.getMostSignificantBits() >>> 16);
        guid.Data3 = (short) uuid.getMostSignificantBits();
        guid.Data4 = Longs.toByteArray(uuid.getLeastSignificantBits());
    }

    private static UUID uuid(GUID guid) {
        return new UUID(
                ((long) guid.Data1 << 32) | ((guid.Data2 & 0xFFFFL) << 16) | (guid.Data3 & 0xFFFFL),
                Longs.fromByteArray(guid.Data4));
    }

    private <T extends Structure> T place(Class<T> type) {
        Memory memory = scope.own(new Memory(Structure.newInstance(type).size()));
        memory.clear();
        return Structure.newInstance(type, memory);
    }

    /** The pointer to a FWPM_FILTER0. */
    Pointer write(NetworkFilter filter) {
        FWPM_FILTER0 target = place(FWPM_FILTER0.class);
        fill(target.filterKey, filter.key());
        target.displayData.name = scope.own(JnaElevationCalls.wide(filter.name()));
        target.flags = filter.flags();
        GUID provider = place(GUID.class);
        fill(provider, filter.provider());
        target.providerKey = provider.written();
        fill(target.layerKey, filter.layer());
        fill(target.subLayerKey, filter.subLayer());
        target.weight.type = FWP_UINT8;
        target.weight.sd = Pointer.createConstant(filter.weight());
        target.action.type = filter.blocks() ? FWP_ACTION_BLOCK : FWP_ACTION_PERMIT;
        int size = new FWPM_FILTER_CONDITION0().size();
        Memory conditions =
                scope.own(new Memory((long) size * filter.conditions().size()));
        conditions.clear();
        for (int i = 0; i < filter.conditions().size(); i++) {
            FWPM_FILTER_CONDITION0 condition =
                    Structure.newInstance(FWPM_FILTER_CONDITION0.class, conditions.share((long) i * size));
            write(filter.conditions().get(i), condition);
            condition.write();
        }
        target.numFilterConditions = filter.conditions().size();
        target.filterCondition = conditions;
        return target.written();
    }

    private void write(FilterCondition from, FWPM_FILTER_CONDITION0 to) {
        FWP_CONDITION_VALUE0 value = to.conditionValue;
        to.matchType = FWP_MATCH_EQUAL;
        if (from instanceof FilterCondition.User user) {
            fill(to.fieldKey, FWPM_CONDITION_ALE_USER_ID);
            byte[] descriptor = SecurityDescriptorCodec.encode(new SecurityDescriptor(
                    0,
                    SecurityDescriptor.DACL_PRESENT,
                    null,
                    null,
                    null,
                    Acl.of(AccessAce.allow(AccessMask.of(FWP_ACTRL_MATCH_FILTER), user.sid()))));
            FWP_BYTE_BLOB blob = place(FWP_BYTE_BLOB.class);
            blob.size = descriptor.length;
            blob.data = scope.own(Handles.memoryOf(descriptor));
            value.type = FWP_SECURITY_DESCRIPTOR_TYPE;
            value.sd = blob.written();
        } else if (from instanceof FilterCondition.Protocol protocol) {
            fill(to.fieldKey, FWPM_CONDITION_IP_PROTOCOL);
            to.matchType = protocol.equal() ? FWP_MATCH_EQUAL : FWP_MATCH_NOT_EQUAL;
            value.type = FWP_UINT8;
            value.sd = Pointer.createConstant(protocol.number());
        } else if (from instanceof FilterCondition.RemoteAddress remote) {
            fill(to.fieldKey, FWPM_CONDITION_IP_REMOTE_ADDRESS);
            byte[] address = remote.address().toByteArray();
            if (address.length == V6_LENGTH) {
                value.type = FWP_BYTE_ARRAY16_TYPE;
                value.sd = scope.own(Handles.memoryOf(address));
            } else {
                value.type = FWP_UINT32;
                value.sd = Pointer.createConstant(Integer.toUnsignedLong(Ints.fromByteArray(address)));
            }
        } else if (from instanceof FilterCondition.RemotePorts ports) {
            fill(to.fieldKey, FWPM_CONDITION_IP_REMOTE_PORT);
            to.matchType = FWP_MATCH_RANGE;
            FWP_RANGE0 range = place(FWP_RANGE0.class);
            range.valueLow.type = FWP_UINT16;
            range.valueLow.sd = Pointer.createConstant(ports.first());
            range.valueHigh.type = FWP_UINT16;
            range.valueHigh.sd = Pointer.createConstant(ports.last());
            value.type = FWP_RANGE_TYPE;
            value.sd = range.written();
        } else {
            throw new IllegalArgumentException("not one to be made: " + from);
        }
    }

    static NetworkFilter read(FWPM_FILTER0 filter) {
        ImmutableList.Builder<FilterCondition> conditions = ImmutableList.builder();
        int size = new FWPM_FILTER_CONDITION0().size();
        for (int i = 0; i < filter.numFilterConditions && filter.filterCondition != null; i++) {
            FWPM_FILTER_CONDITION0 condition =
                    Structure.newInstance(FWPM_FILTER_CONDITION0.class, filter.filterCondition.share((long) i * size));
            condition.read();
            conditions.add(read(condition));
        }
        if (filter.action.type != FWP_ACTION_BLOCK && filter.action.type != FWP_ACTION_PERMIT) {
            conditions.add(new FilterCondition.Other("action 0x" + Integer.toHexString(filter.action.type)));
        }
        Pointer name = filter.displayData.name;
        return new NetworkFilter(
                uuid(filter.filterKey),
                filter.providerKey == null ? new UUID(0, 0) : uuidAt(filter.providerKey),
                uuid(filter.subLayerKey),
                name == null ? "" : name.getWideString(0),
                uuid(filter.layerKey),
                filter.action.type == FWP_ACTION_BLOCK,
                filter.flags & ~FWPM_FILTER_FLAG_INDEXED,
                filter.weight.type == FWP_UINT8 ? (int) number(filter.weight.sd) & 0xFF : -1,
                conditions.build());
    }

    private static UUID uuidAt(Pointer pointer) {
        GUID guid = Structure.newInstance(GUID.class, pointer);
        guid.read();
        return uuid(guid);
    }

    private static long number(@Nullable Pointer union) {
        return Pointer.nativeValue(union);
    }

    private static FilterCondition read(FWPM_FILTER_CONDITION0 from) {
        FWP_CONDITION_VALUE0 value = from.conditionValue;
        UUID field = uuid(from.fieldKey);
        boolean equal = from.matchType == FWP_MATCH_EQUAL;
        Pointer data = value.sd;
        if (field.equals(FWPM_CONDITION_IP_PROTOCOL)
                && value.type == FWP_UINT8
                && (equal || from.matchType == FWP_MATCH_NOT_EQUAL)) {
            return new FilterCondition.Protocol((int) number(data) & 0xFF, equal);
        } else if (field.equals(FWPM_CONDITION_IP_REMOTE_ADDRESS) && equal && value.type == FWP_UINT32) {
            return new FilterCondition.RemoteAddress(ByteString.copyOf(Ints.toByteArray((int) number(data))));
        } else if (data != null) {
            if (field.equals(FWPM_CONDITION_ALE_USER_ID) && equal && value.type == FWP_SECURITY_DESCRIPTOR_TYPE) {
                return user(data);
            } else if (field.equals(FWPM_CONDITION_IP_REMOTE_ADDRESS) && equal && value.type == FWP_BYTE_ARRAY16_TYPE) {
                return new FilterCondition.RemoteAddress(ByteString.copyOf(data.getByteArray(0, V6_LENGTH)));
            } else if (field.equals(FWPM_CONDITION_IP_REMOTE_PORT)
                    && from.matchType == FWP_MATCH_RANGE
                    && value.type == FWP_RANGE_TYPE) {
                FWP_RANGE0 range = Structure.newInstance(FWP_RANGE0.class, data);
                range.read();
                return new FilterCondition.RemotePorts(
                        (int) number(range.valueLow.sd) & 0xFFFF, (int) number(range.valueHigh.sd) & 0xFFFF);
            }
        }
        return new FilterCondition.Other(field + " match " + from.matchType + " type " + value.type);
    }

    /** One that grants exactly one SID that it matches; Windows may have added an owner. */
    private static FilterCondition user(Pointer data) {
        FWP_BYTE_BLOB blob = Structure.newInstance(FWP_BYTE_BLOB.class, data);
        blob.read();
        if (blob.data == null) {
            return new FilterCondition.Other("no descriptor");
        }
        try {
            SecurityDescriptor descriptor = SecurityDescriptorCodec.decode(blob.data.getByteArray(0, blob.size));
            Acl dacl = descriptor.dacl();
            return dacl != null
                            && dacl.aces().size() == 1
                            && dacl.aces().get(0) instanceof AccessAce ace
                            && ace.equals(AccessAce.allow(AccessMask.of(FWP_ACTRL_MATCH_FILTER), ace.sid()))
                    ? new FilterCondition.User(ace.sid())
                    : new FilterCondition.Other("descriptor " + descriptor);
        } catch (SecurityFormatException e) {
            return new FilterCondition.Other("malformed descriptor: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
