package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.FwpuclntFunctions.FWPUCLNT;
import static io.cordon.sandbox.windows.win32.Handles.checkCode;
import static io.cordon.sandbox.windows.win32.Handles.pointer;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.win32.SetupStructures.FWPM_FILTER0;
import io.cordon.sandbox.windows.win32.SetupStructures.FWPM_PROVIDER0;
import io.cordon.sandbox.windows.win32.SetupStructures.FWPM_SUBLAYER0;
import io.cordon.sandbox.windows.win32.SetupStructures.GUID;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

final class JnaFilterCalls implements FilterCalls {
    private static final int RPC_C_AUTHN_WINNT = 10;
    private static final int FWPM_PROVIDER_FLAG_PERSISTENT = 0x1;
    private static final int FWPM_SUBLAYER_FLAG_PERSISTENT = 0x1;
    private static final int FWP_E_FILTER_NOT_FOUND = 0x80320003;
    private static final int FWP_E_PROVIDER_NOT_FOUND = 0x80320005;
    private static final int FWP_E_SUBLAYER_NOT_FOUND = 0x80320007;
    private static final int FWP_E_ALREADY_EXISTS = 0x80320009;
    private static final int FWP_E_IN_USE = 0x8032000A;

    /** Before that of the firewall's own rules, which is low. */
    private static final short SUBLAYER_WEIGHT = 0x7FFF;

    @Override
    public OwnedHandle openEngine() throws WindowsFailure {
        PointerByReference engine = new PointerByReference();
        checkCode("FwpmEngineOpen0", FWPUCLNT.FwpmEngineOpen0(null, RPC_C_AUTHN_WINNT, null, null, engine));
        return new OwnedHandle(
                Pointer.nativeValue(engine.getValue()),
                toClose -> FWPUCLNT.FwpmEngineClose0(Pointer.createConstant(toClose)));
    }

    @Override
    public void begin(OwnedHandle engine) throws WindowsFailure {
        checkCode("FwpmTransactionBegin0", FWPUCLNT.FwpmTransactionBegin0(pointer(engine), 0));
    }

    @Override
    public void commit(OwnedHandle engine) throws WindowsFailure {
        checkCode("FwpmTransactionCommit0", FWPUCLNT.FwpmTransactionCommit0(pointer(engine)));
    }

    /** Some codes say that there is nothing to do. */
    private static void checkUnless(String function, int code, Integer... fine) throws WindowsFailure {
        if (!Set.of(fine).contains(code)) {
            checkCode(function, code);
        }
    }

    @Override
    public void addProvider(OwnedHandle engine, UUID key, String name) throws WindowsFailure {
        FWPM_PROVIDER0 provider = new FWPM_PROVIDER0();
        FilterMemory.fill(provider.providerKey, key);
        try (Memory text = JnaElevationCalls.wide(name)) {
            provider.displayData.name = text;
            provider.flags = FWPM_PROVIDER_FLAG_PERSISTENT;
            checkUnless(
                    "FwpmProviderAdd0",
                    FWPUCLNT.FwpmProviderAdd0(pointer(engine), provider.written(), null),
                    FWP_E_ALREADY_EXISTS);
        }
    }

    @Override
    public void addSubLayer(OwnedHandle engine, UUID key, UUID provider, String name) throws WindowsFailure {
        FWPM_SUBLAYER0 subLayer = new FWPM_SUBLAYER0();
        FilterMemory.fill(subLayer.subLayerKey, key);
        GUID owner = FilterMemory.guid(provider);
        try (Memory text = JnaElevationCalls.wide(name)) {
            subLayer.displayData.name = text;
            subLayer.flags = FWPM_SUBLAYER_FLAG_PERSISTENT;
            subLayer.providerKey = owner.written();
            subLayer.weight = SUBLAYER_WEIGHT;
            checkUnless(
                    "FwpmSubLayerAdd0",
                    FWPUCLNT.FwpmSubLayerAdd0(pointer(engine), subLayer.written(), null),
                    FWP_E_ALREADY_EXISTS);
        }
    }

    @Override
    public Optional<NetworkFilter> filter(OwnedHandle engine, UUID key) throws WindowsFailure {
        PointerByReference found = new PointerByReference();
        int code = FWPUCLNT.FwpmFilterGetByKey0(
                pointer(engine), FilterMemory.guid(key).written(), found);
        if (code == FWP_E_FILTER_NOT_FOUND) {
            return Optional.empty();
        }
        checkCode("FwpmFilterGetByKey0", code);
        try {
            FWPM_FILTER0 filter = Structure.newInstance(FWPM_FILTER0.class, found.getValue());
            filter.read();
            return Optional.of(FilterMemory.read(filter));
        } finally {
            FWPUCLNT.FwpmFreeMemory0(found);
        }
    }

    @Override
    public void addFilter(OwnedHandle engine, NetworkFilter filter) throws WindowsFailure {
        try (FilterMemory memory = new FilterMemory()) {
            checkCode("FwpmFilterAdd0", FWPUCLNT.FwpmFilterAdd0(pointer(engine), memory.write(filter), null, null));
        }
    }

    @Override
    public void deleteFilter(OwnedHandle engine, UUID key) throws WindowsFailure {
        checkUnless(
                "FwpmFilterDeleteByKey0",
                FWPUCLNT.FwpmFilterDeleteByKey0(
                        pointer(engine), FilterMemory.guid(key).written()),
                FWP_E_FILTER_NOT_FOUND);
    }

    @Override
    public void deleteSubLayer(OwnedHandle engine, UUID key) throws WindowsFailure {
        checkUnless(
                "FwpmSubLayerDeleteByKey0",
                FWPUCLNT.FwpmSubLayerDeleteByKey0(
                        pointer(engine), FilterMemory.guid(key).written()),
                FWP_E_SUBLAYER_NOT_FOUND,
                FWP_E_IN_USE);
    }

    @Override
    public void deleteProvider(OwnedHandle engine, UUID key) throws WindowsFailure {
        checkUnless(
                "FwpmProviderDeleteByKey0",
                FWPUCLNT.FwpmProviderDeleteByKey0(
                        pointer(engine), FilterMemory.guid(key).written()),
                FWP_E_PROVIDER_NOT_FOUND,
                FWP_E_IN_USE);
    }
}
