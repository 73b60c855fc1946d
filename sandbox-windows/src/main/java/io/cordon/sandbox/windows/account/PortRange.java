package io.cordon.sandbox.windows.account;

/** Ports from the first to the last one, both included. */
public record PortRange(int first, int last) {}
