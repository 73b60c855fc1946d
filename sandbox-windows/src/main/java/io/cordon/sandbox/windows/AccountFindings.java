package io.cordon.sandbox.windows;

import java.util.Optional;

/**
 * What was found of the account that a sandbox runs as.
 *
 * @param account its name
 * @param networkOpen why nothing keeps a child from the network; empty if it was kept from it
 */
record AccountFindings(String account, Optional<String> networkOpen) {}
