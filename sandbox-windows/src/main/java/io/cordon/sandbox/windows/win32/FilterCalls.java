package io.cordon.sandbox.windows.win32;

import java.util.Optional;
import java.util.UUID;

/** The Windows Filtering Platform. On stock Wine nothing here may be called: some of it ends the process. */
public interface FilterCalls {
    /** A session; closing it takes back a transaction that was not committed. */
    OwnedHandle openEngine() throws WindowsFailure;

    /** Begins a transaction that writes. */
    void begin(OwnedHandle engine) throws WindowsFailure;

    /** Makes what was done since {@link #begin} last. */
    void commit(OwnedHandle engine) throws WindowsFailure;

    /** Adds a persistent provider, unless it is there. */
    void addProvider(OwnedHandle engine, UUID key, String name) throws WindowsFailure;

    /** Adds a persistent sublayer of a provider, unless it is there. */
    void addSubLayer(OwnedHandle engine, UUID key, UUID provider, String name) throws WindowsFailure;

    /** The filter with this key. */
    Optional<NetworkFilter> filter(OwnedHandle engine, UUID key) throws WindowsFailure;

    /** Adds a filter, whose key must be free. */
    void addFilter(OwnedHandle engine, NetworkFilter filter) throws WindowsFailure;

    /** Deletes a filter, if it is there. */
    void deleteFilter(OwnedHandle engine, UUID key) throws WindowsFailure;

    /** Deletes a sublayer, if it is there and no filter is in it. */
    void deleteSubLayer(OwnedHandle engine, UUID key) throws WindowsFailure;

    /** Deletes a provider, if it is there and nothing is its own. */
    void deleteProvider(OwnedHandle engine, UUID key) throws WindowsFailure;
}
