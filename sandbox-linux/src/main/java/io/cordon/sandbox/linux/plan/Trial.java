package io.cordon.sandbox.linux.plan;

/**
 * What a confined thread was answered when it tried what must be denied; each was seen to succeed unconfined before.
 *
 * @param writeOutside the {@code errno} of opening a file outside for writing; 0 if that succeeded
 * @param tcpSocket the {@code errno} of making a TCP socket; 0 if that succeeded
 */
public record Trial(int writeOutside, int tcpSocket) {}
