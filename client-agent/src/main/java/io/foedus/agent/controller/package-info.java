/**
 * The controller as seen from a command or an agent: where it is and who calls ({@code Connection},
 * {@code UserConfig}), and its REST API ({@code ControllerClient}); its problem documents become
 * {@code ControllerException}s.
 *
 * <p>Tokens come from a file, standard input, the environment or the user's config file, never from arguments, and are
 * sent in clear text only to this machine unless that is asked for.
 */
@NullMarked
package io.foedus.agent.controller;

import org.jspecify.annotations.NullMarked;
