/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/modem_gammu.h"

static const char *network_name(const GSM_NetworkInfo *info)
{
	GSM_NetworkInfo_State state = info->State;

	if (state != GSM_HomeNetwork && state != GSM_RoamingNetwork &&
		(info->PacketState == GSM_HomeNetwork || info->PacketState == GSM_RoamingNetwork))
		state = info->PacketState;
	switch (state) {
	case GSM_HomeNetwork:
		return "home";
	case GSM_RoamingNetwork:
		return "roaming";
	case GSM_RequestingNetwork:
		return "searching";
	case GSM_RegistrationDenied:
		return "denied";
	case GSM_NoNetwork:
		return "none";
	default:
		return "unknown";
	}
}

enum err gammu_status(struct modem *modem, struct line_state *ret_state)
{
	struct gammu_modem *g = gammu_self(modem);
	struct line_state state = {.signal_percent = -1,
		.sim_used = -1,
		.sim_size = -1,
		.me_used = -1,
		.me_size = -1,
		.network = "unknown"};
	GSM_SMSMemoryStatus memory = {0};
	GSM_SignalQuality signal = {0};
	GSM_NetworkInfo info = {0};
	enum err err;
	size_t at = 0;

	GAMMU_BEGIN(g, GAMMU_CALL_S);
	err = gammu_err_of(GSM_GetSignalQuality(g->sm, &signal));
	if (!err && signal.SignalPercent >= 0 && signal.SignalPercent <= 100)
		state.signal_percent = signal.SignalPercent;
	if (!gammu_is_fatal(err))
		err = gammu_err_of(GSM_GetNetworkInfo(g->sm, &info));
	snprintf(state.network, sizeof(state.network), "%s", network_name(&info));
	for (const char *p = info.NetworkCode; *p && at < sizeof(state.operator_code) - 1; p++) {
		if (*p >= '0' && *p <= '9')
			state.operator_code[at++] = *p;
	}
	if (!gammu_is_fatal(err))
		err = gammu_err_of(GSM_GetSMSStatus(g->sm, &memory));
	if (gammu_is_fatal(err))
		return err;
	if (!err && g->has_sim) {
		state.sim_used = memory.SIMUsed;
		state.sim_size = memory.SIMSize;
	}
	if (!err && g->has_phone) {
		state.me_used = memory.PhoneUsed;
		state.me_size = memory.PhoneSize;
	}
	*ret_state = state;
	return ERR_OK;
}
