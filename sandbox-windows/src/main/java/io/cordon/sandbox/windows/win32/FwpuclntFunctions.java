package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import org.jspecify.annotations.Nullable;

/**
 * The functions of fwpuclnt that are used, which return their error code. On stock Wine some of them end the process:
 * whoever calls them makes sure before that this is none.
 */
interface FwpuclntFunctions extends StdCallLibrary {
    FwpuclntFunctions FWPUCLNT = Native.load("fwpuclnt", FwpuclntFunctions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmengineopen0">Doc</a>. */
    int FwpmEngineOpen0(
            @Nullable String server,
            int authentication,
            @Nullable Pointer identity,
            @Nullable Pointer session,
            PointerByReference engine);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmengineclose0">Doc</a>. */
    int FwpmEngineClose0(Pointer engine);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmtransactionbegin0">Doc</a>. */
    int FwpmTransactionBegin0(Pointer engine, int flags);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmtransactioncommit0">Doc</a>. */
    int FwpmTransactionCommit0(Pointer engine);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmprovideradd0">Doc</a>. */
    int FwpmProviderAdd0(Pointer engine, Pointer provider, @Nullable Pointer descriptor);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmproviderdeletebykey0">Doc</a>. */
    int FwpmProviderDeleteByKey0(Pointer engine, Pointer key);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmsublayeradd0">Doc</a>. */
    int FwpmSubLayerAdd0(Pointer engine, Pointer subLayer, @Nullable Pointer descriptor);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmsublayerdeletebykey0">Doc</a>. */
    int FwpmSubLayerDeleteByKey0(Pointer engine, Pointer key);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmfilteradd0">Doc</a>. */
    int FwpmFilterAdd0(Pointer engine, Pointer filter, @Nullable Pointer descriptor, @Nullable Pointer id);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmfilterdeletebykey0">Doc</a>. */
    int FwpmFilterDeleteByKey0(Pointer engine, Pointer key);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmfiltergetbykey0">Doc</a>. */
    int FwpmFilterGetByKey0(Pointer engine, Pointer key, PointerByReference filter);

    /** <a href="https://learn.microsoft.com/windows/win32/api/fwpmu/nf-fwpmu-fwpmfreememory0">Doc</a>. */
    void FwpmFreeMemory0(PointerByReference memory);
}
