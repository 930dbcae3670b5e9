/**
 * What an agent remembers on disk: its identity, unpacked packages, downloaded models, tasks and their results until
 * they are acknowledged. Folders are 0700, files 0600; a file appears whole or not at all; one agent per directory.
 */
@NullMarked
package io.foedus.agent.state;

import org.jspecify.annotations.NullMarked;
