package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.ContainerShape;
import java.util.Optional;

/**
 * What was found of an AppContainer.
 *
 * @param container the container
 * @param notContained why a child is not in it as it should be, in sentences without a full stop
 * @param networkOpen why nothing keeps a child from the network; empty if it was kept from it
 * @param refusal the system's words when it was
 */
record ContainerFindings(
        ContainerShape container, ImmutableList<String> notContained, Optional<String> networkOpen, String refusal) {

    /** What a host that enforces everything shows. */
    static ContainerFindings withoutGap(ContainerShape container) {
        return new ContainerFindings(container, ImmutableList.of(), Optional.empty(), "not tried yet");
    }
}
