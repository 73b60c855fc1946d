package io.cordon.sandbox.linux.plan;

/**
 * What a confined thread was answered when it tried what must be denied; each was seen to succeed unconfined before.
 *
 * @param writeOutside the {@code errno} of opening a file outside for writing; 0 if that succeeded
 * @param metadataOutside the {@code errno} of changing that file's mode, where that is mediated; 0 if that succeeded
 * @param network the {@code errno} of making a TCP socket; where these are allowed, of connecting one to a port of this
 *     machine that is not the proxy's; 0 if that or, in the second case, making a UDP socket succeeded
 */
public record Trial(int writeOutside, int metadataOutside, int network) {}
