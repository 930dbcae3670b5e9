/**
 * What a chart shall show, as the JSON that the page's chart layer ({@code resources/foedus/charts.js}) draws, grows
 * and tabulates. Values only: colours, axes and motion are the page's business.
 */
package io.foedus.web.charts;
